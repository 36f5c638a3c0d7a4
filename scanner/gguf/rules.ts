import { defineRule, type Rule } from '../rules/define-rule.ts'
import { ggufHeaderOf } from './header-of.ts'
import { impossibleHyperparameters } from './hyperparameters.ts'

const brokenRemedy =
  'Do not load the file. Download it again and compare its sha256 with the publisher; if it is the same, use another export.'

type Broken = { id: string; title: string; on: string[]; cwe: string; explanation: string }

const bounds = ({ id, title, on, cwe, explanation }: Broken): Rule =>
  defineRule({ id, title, severity: 'high', cwe, explanation, remedy: brokenRemedy, on })

export const ggufRules: readonly Rule[] = [
  bounds({
    id: 'GGUF-BOUNDS-001',
    title: 'The GGUF version is not one that loaders read',
    on: ['gguf.version'],
    cwe: 'CWE-20',
    explanation: 'Versions 2 and 3, little-endian, are in use. Behind another version nothing can be checked.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-002',
    title: 'A count in the header is larger than the file can hold',
    on: ['gguf.count'],
    cwe: 'CWE-190',
    explanation: 'Loaders that allocate or loop by the claimed count crash or write beyond memory.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-003',
    title: 'A text length in the header is larger than the file can hold',
    on: ['gguf.string-length'],
    cwe: 'CWE-125',
    explanation: 'Loaders that trust the length read or allocate beyond the file.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-004',
    title: 'A value type that GGUF does not define',
    on: ['gguf.value-type'],
    cwe: 'CWE-20',
    explanation: 'The size of the value is unknown, so nothing behind it can be read.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-005',
    title: 'The header ends before its own counts are satisfied',
    on: ['gguf.truncated'],
    cwe: 'CWE-125',
    explanation: 'The file is cut off, or a length before this place is wrong.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-006',
    title: 'The dimensions of a tensor overflow',
    on: ['gguf.overflow'],
    cwe: 'CWE-190',
    explanation:
      'A wrapped product passes size checks and then indexes far outside the buffer (CVE-2025-53630, CVE-2026-27940).',
  }),
  bounds({
    id: 'GGUF-BOUNDS-007',
    title: 'A tensor lies outside the file',
    on: ['gguf.tensor-range'],
    cwe: 'CWE-125',
    explanation:
      'Loaders that map the file read memory that is not theirs. A download that stopped early looks the same.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-008',
    title: 'A tensor type that is not defined, or is too new for this scanner',
    on: ['gguf.tensor-type'],
    cwe: 'CWE-20',
    explanation: 'Without the type the size of the tensor is unknown, and so is what the bytes behind it are.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-009',
    title: 'A tensor has more dimensions than loaders support',
    on: ['gguf.dimensions'],
    cwe: 'CWE-787',
    explanation: 'Loaders keep four dimensions in a fixed array; more write behind it.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-010',
    title: 'A tensor does not divide into the blocks of its type',
    on: ['gguf.block-size'],
    cwe: 'CWE-131',
    explanation: 'Quantized rows are whole blocks; a remainder makes size computations disagree.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-011',
    title: 'Two tensors share bytes',
    on: ['gguf.overlap'],
    cwe: 'CWE-823',
    explanation: 'No exporter writes this; one tensor can be made to change what another means.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-012',
    title: 'A gap between tensors that is more than padding',
    on: ['gguf.hole'],
    cwe: 'CWE-1284',
    explanation: 'Bytes that no tensor owns can carry anything.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-013',
    title: 'The alignment is zero, not a power of two or implausible',
    on: ['gguf.alignment'],
    cwe: 'CWE-369',
    explanation: 'Loaders round by it: zero divides, other values put every tensor in the wrong place.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-014',
    title: 'A tensor does not begin at a multiple of the alignment',
    on: ['gguf.misaligned'],
    cwe: 'CWE-823',
    explanation: 'Loaders refuse the file or read from the wrong place.',
  }),
  bounds({
    id: 'GGUF-BOUNDS-015',
    title: 'Arrays nest without end',
    on: ['gguf.array-depth'],
    cwe: 'CWE-674',
    explanation: 'Recursive readers run out of stack.',
  }),
  bounds({
    id: 'GGUF-DUP-001',
    title: 'A metadata key appears twice',
    on: ['gguf.duplicate-key'],
    cwe: 'CWE-436',
    explanation: 'One reader takes the first value, another the last: what is reviewed is not what is used.',
  }),
  bounds({
    id: 'GGUF-DUP-002',
    title: 'A tensor name appears twice',
    on: ['gguf.duplicate-tensor'],
    cwe: 'CWE-436',
    explanation: 'One reader takes the first tensor, another the last.',
  }),
  bounds({
    id: 'GGUF-TRAIL-001',
    title: 'Bytes behind the last tensor',
    on: ['gguf.trailing'],
    cwe: 'CWE-434',
    explanation:
      'The header accounts for every byte of a GGUF file. What follows is hidden from GGUF readers and may be read by others.',
  }),
  defineRule({
    id: 'GGUF-ARRAY-001',
    title: 'An array of arrays in the metadata',
    severity: 'medium',
    cwe: 'CWE-674',
    explanation: 'The format allows it, current loaders do not read it, and no exporter writes it.',
    remedy: 'Ask the publisher for an export by a current tool.',
    on: ['gguf.nested-array'],
  }),
  defineRule({
    id: 'GGUF-NAME-001',
    title: 'A tensor name is longer than loaders accept',
    severity: 'medium',
    cwe: 'CWE-120',
    explanation: 'Loaders keep names in 64 bytes.',
    remedy: 'Ask the publisher for an export by a current tool.',
    on: ['gguf.tensor-name'],
  }),
  defineRule({
    id: 'GGUF-VALUE-001',
    title: 'A true-or-false value is neither',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Readers disagree on what it means.',
    remedy: 'Ask the publisher for an export by a current tool.',
    on: ['gguf.bool'],
  }),
  defineRule({
    id: 'GGUF-PAD-001',
    title: 'Padding that is not zero',
    severity: 'low',
    cwe: 'CWE-1284',
    explanation: 'Exporters write zeros. A few bytes carry little, but they are not needed.',
    remedy: 'Nothing urgent; prefer an export by a current tool.',
    on: ['gguf.padding'],
  }),
  defineRule({
    id: 'GGUF-HPARAM-001',
    title: 'A hyperparameter no model can have',
    severity: 'high',
    cwe: 'CWE-369',
    explanation: 'Loaders divide by these numbers and allocate by them; zero or absurd values crash the engine.',
    remedy: brokenRemedy,
    check: (facts) => {
      const header = ggufHeaderOf(facts)
      return header === undefined ? [] : impossibleHyperparameters(header).map((detail) => ({ offset: 24, detail }))
    },
  }),
  defineRule({
    id: 'GGUF-TOKEN-001',
    title: 'A special token is outside the vocabulary',
    severity: 'medium',
    cwe: 'CWE-129',
    explanation: 'Engines index the vocabulary by this number.',
    remedy: 'Ask the publisher for a corrected export, or set the token ids when loading.',
    check: (facts) => {
      const header = ggufHeaderOf(facts)
      const size = header?.vocabSize
      if (header === undefined || size === undefined || header.tokenizerModel === 'none') return []
      const outside = (name: string, id: number | undefined): { detail: string; member: string }[] =>
        // All ones is how writers say "none".
        id !== undefined && id !== 0xffffffff && (id < 0 || id >= size)
          ? [{ member: name, detail: `${name} is ${id}, the vocabulary has ${size} entries` }]
          : []
      return [
        ...outside('tokenizer.ggml.bos_token_id', header.bosTokenId),
        ...outside('tokenizer.ggml.eos_token_id', header.eosTokenId),
      ]
    },
  }),
]
