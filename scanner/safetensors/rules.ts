import type { Severity } from '../../kernel/index.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'

const remedy =
  'Do not load the file. Download it again and compare its sha256 with the publisher; if it is the same, use another export.'

type St = { id: string; title: string; severity: Severity; cwe: string; on: string[]; explanation: string }

const rule = (definition: St): Rule => defineRule({ ...definition, remedy })

export const safetensorsRules: readonly Rule[] = [
  rule({
    id: 'ST-HEADER-001',
    title: 'The header is longer than the file',
    severity: 'high',
    cwe: 'CWE-130',
    on: ['st.header-length'],
    explanation:
      'Readers that trust the length allocate or read beyond the file. A download that stopped early looks the same.',
  }),
  rule({
    id: 'ST-HEADER-002',
    title: 'The header is larger than readers accept',
    severity: 'high',
    cwe: 'CWE-770',
    on: ['st.header-size'],
    explanation: 'The reference reader refuses headers above 100 MB; other readers may be exhausted by it.',
  }),
  rule({
    id: 'ST-HEADER-003',
    title: 'The header is not the JSON that the format asks for',
    severity: 'high',
    cwe: 'CWE-20',
    on: ['st.header-syntax'],
    explanation: 'What one reader refuses another may read in its own way.',
  }),
  rule({
    id: 'ST-HEADER-004',
    title: 'An entry of the header has another shape than the format defines',
    severity: 'medium',
    cwe: 'CWE-20',
    on: ['st.header-shape'],
    explanation:
      'Entries are {dtype, shape, data_offsets} and metadata is text; anything else is ignored by one reader and used by another.',
  }),
  rule({
    id: 'ST-HEADER-005',
    title: 'The header nests without reason',
    severity: 'high',
    cwe: 'CWE-674',
    on: ['st.header-depth'],
    explanation: 'Recursive parsers run out of stack and crash.',
  }),
  rule({
    id: 'ST-DUP-001',
    title: 'A name appears twice in the header',
    severity: 'medium',
    cwe: 'CWE-436',
    on: ['st.duplicate-key'],
    explanation: 'One reader takes the first tensor, another the last: what is reviewed is not what is used.',
  }),
  rule({
    id: 'ST-RANGE-001',
    title: 'A tensor lies outside the file',
    severity: 'high',
    cwe: 'CWE-125',
    on: ['st.range'],
    explanation:
      'Readers that map the file read memory that is not theirs. A download that stopped early looks the same.',
  }),
  rule({
    id: 'ST-OVERLAP-001',
    title: 'Two tensors share bytes',
    severity: 'high',
    cwe: 'CWE-823',
    on: ['st.overlap'],
    explanation: 'The format forbids it; one tensor can be made to change what another means.',
  }),
  rule({
    id: 'ST-HOLE-001',
    title: 'A gap between tensors',
    severity: 'high',
    cwe: 'CWE-1284',
    on: ['st.hole'],
    explanation: 'The format forbids it; bytes that no tensor owns can carry anything.',
  }),
  rule({
    id: 'ST-SIZE-001',
    title: 'The size of a tensor does not follow from its shape',
    severity: 'high',
    cwe: 'CWE-190',
    on: ['st.size'],
    explanation: 'A reader that computes the size from the shape reads or writes beyond the bytes that are there.',
  }),
  rule({
    id: 'ST-DTYPE-001',
    title: 'A dtype that safetensors does not define',
    severity: 'medium',
    cwe: 'CWE-20',
    on: ['st.dtype'],
    explanation: 'Its size is unknown, so the shape cannot be checked against the offsets.',
  }),
  rule({
    id: 'ST-TRAIL-001',
    title: 'Bytes behind the last tensor',
    severity: 'high',
    cwe: 'CWE-434',
    on: ['st.trailing'],
    explanation:
      'The header accounts for every byte. What follows is hidden from safetensors readers and may be read by others.',
  }),
  defineRule({
    id: 'ST-META-001',
    title: 'The metadata contains what looks like a program',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation: 'Metadata is for descriptions. Nothing runs it by itself, but tools that evaluate it exist.',
    remedy: 'Read the entry; load the file only with tools that treat metadata as text.',
    on: ['st.metadata-script'],
  }),
]
