import { allowedCount, deniedReason, isAllowed, policyVersion } from '../globals/policy.ts'
import type { Action } from '../globals/types.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'
import type { Observation } from '../types.ts'

const runs =
  'Unpickling is running a program that the file brings along: loading the file would make this call before anything else can look at it.'
const doNotLoad =
  'Do not load the file, not even to look into it. Ask the publisher for safetensors or GGUF, and treat machines that loaded it as compromised until checked.'
const convert =
  'Find out what the named code does. Prefer safetensors or GGUF from the publisher, or have a person approve exactly this use.'
const listed = `The allow-list (version ${policyVersion}, ${allowedCount} names) holds what was read in its source and is safe for any argument.`

type Short = Pick<Rule, 'id' | 'title' | 'severity' | 'explanation'> &
  Partial<Pick<Rule, 'cwe' | 'remedy' | 'when'>> & { on: string }

const rule = ({ on, ...short }: Short): Rule => defineRule({ cwe: 'CWE-502', remedy: convert, ...short, on: [on] })

/** What an observation of a use says of the global; undefined for facts of another shape. */
function useOf({ data }: Observation): { module: string; name: string; action: Action } | undefined {
  const { module, name, action } = data ?? {}
  if (typeof module !== 'string' || typeof name !== 'string' || typeof action !== 'string') return undefined
  return { module, name, action: action as Action }
}

/** Facts outlive the lists: a name that was allowed since then is no finding any more, one that was denied since is told as such. */
const gradedNow =
  (denied: boolean) =>
  (seen: Observation): boolean => {
    const use = useOf(seen)
    if (use === undefined) return !denied
    const { module, name, action } = use
    return !isAllowed(module, name, action) && (deniedReason(module, name) !== undefined) === denied
  }

export const pickleRules: readonly Rule[] = [
  defineRule({
    id: 'PKL-CALL-001',
    title: 'The pickle calls a function that attacks use',
    severity: 'critical',
    cwe: 'CWE-502',
    explanation: `${runs} Functions that run commands or code, reach files, the network or other functions by name have no place in a model.`,
    remedy: doNotLoad,
    on: ['pickle.call-denied', 'pickle.call-unlisted'],
    when: gradedNow(true),
  }),
  defineRule({
    id: 'PKL-CALL-002',
    title: 'The pickle calls code that is not on the allow-list',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: `${runs} ${listed} What is not listed may do anything.`,
    remedy: convert,
    on: ['pickle.call-denied', 'pickle.call-unlisted'],
    when: gradedNow(false),
  }),
  rule({
    id: 'PKL-CALL-003',
    title: 'The pickle calls what an earlier call gave',
    severity: 'high',
    on: 'pickle.call-result',
    explanation: `${runs} What is called is only known once the call before it has run, which is how attacks hide a function.`,
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-CALL-004',
    title: 'The pickle uses an allowed name in a way that is not safe',
    severity: 'high',
    on: 'pickle.call-refused',
    explanation: `${listed} Some are safe only for certain arguments, or as a class and not as a function; this use is outside of that.`,
  }),
  rule({
    id: 'PKL-CALL-005',
    title: 'The pickle adds to something that is no container',
    severity: 'high',
    on: 'pickle.method',
    explanation:
      'Adding items calls a method of whatever the value turns out to be, such as a storage whose memory is then overwritten (CVE-2026-24747).',
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-CALL-006',
    title: 'The pickle changes an object again after its state was set',
    severity: 'high',
    on: 'pickle.changed-again',
    explanation:
      'The state can hold a function under the name of the method that the second change calls. Picklers set a state once and last.',
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-CALL-007',
    title: 'The pickle overwrites attributes of a module, class or function',
    severity: 'high',
    cwe: 'CWE-915',
    on: 'pickle.change-global',
    explanation:
      'The change stays in the running Python and alters what every later call does. Pickles of data only change objects they made.',
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-CALL-008',
    title: 'The pickle replaces a special method',
    severity: 'high',
    cwe: 'CWE-915',
    on: 'pickle.hook',
    explanation:
      'A callable under a name such as __setstate__ or __reduce__ is called by Python itself, by the next opcode or by the next copy.',
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-GLOBAL-001',
    title: 'The pickle imports a function that attacks use',
    severity: 'high',
    on: 'pickle.reference-denied',
    explanation:
      'Nothing in this stream was seen to call it, but an object that holds it can, and data has no use for it.',
    remedy: doNotLoad,
    when: (seen) => {
      const use = useOf(seen)
      return use === undefined || !isAllowed(use.module, use.name, use.action)
    },
  }),
  rule({
    id: 'PKL-GLOBAL-002',
    title: 'The pickle imports a name that is not on the allow-list',
    severity: 'medium',
    on: 'pickle.reference',
    explanation: `Importing runs the module's code, and the name can be used later by the objects that hold it. ${listed}`,
    when: (seen) => {
      const use = useOf(seen)
      return use === undefined || !isAllowed(use.module, use.name, use.action)
    },
  }),
  rule({
    id: 'PKL-GLOBAL-003',
    title: 'The pickle uses a name that was taken off the allow-list',
    severity: 'high',
    on: 'pickle.uses',
    explanation: `The file was inspected under an earlier list. ${listed}`,
    remedy: 'Scan the file again with this release, then judge the finding it gives.',
    when: ({ data }) => {
      const uses = data?.['uses']
      return !Array.isArray(uses) || uses.some((use) => typeof use !== 'string' || !allowedNow(use))
    },
  }),
  rule({
    id: 'PKL-GLOBAL-004',
    title: 'The pickle uses classes of a TorchScript archive',
    severity: 'medium',
    on: 'pickle.torchscript',
    explanation:
      "TorchScript classes are defined by code in the archive around the pickle, which the archive's findings are about. Python itself has no such module.",
    remedy: 'Load the archive with torch.jit.load only, never with pickle; see the findings on its code.',
  }),
  rule({
    id: 'PKL-OPAQUE-001',
    title: 'The pickle imports a name that it computes',
    severity: 'high',
    cwe: 'CWE-470',
    on: 'pickle.computed-name',
    explanation:
      'Picklers write names as constants. One that is put together while loading is there to be hidden from readers.',
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-OPAQUE-002',
    title: 'The pickle calls something whose name it computes',
    severity: 'high',
    cwe: 'CWE-470',
    on: 'pickle.call-opaque',
    explanation: `${runs} Its name is not in the file, so what it does cannot be known.`,
    remedy: doNotLoad,
  }),
  rule({
    id: 'PKL-OPAQUE-003',
    title: 'The pickle reaches through a module to something else',
    severity: 'high',
    cwe: 'CWE-470',
    on: 'pickle.dotted',
    explanation:
      'A dotted name walks from attribute to attribute: through a harmless module to another that it imports, or to a method of a class.',
  }),
  rule({
    id: 'PKL-OPAQUE-004',
    title: 'The pickle uses a code of the extension registry',
    severity: 'high',
    cwe: 'CWE-470',
    on: 'pickle.extension',
    explanation:
      'What the code stands for is registered in the loading program, not in the file, and can be any callable.',
  }),
  rule({
    id: 'PKL-OPAQUE-005',
    title: 'The pickle leaves an object to the loader',
    severity: 'medium',
    cwe: 'CWE-470',
    on: 'pickle.persistent',
    explanation:
      'A persistent id that names no tensor storage means whatever the loading program makes of it; plain loaders refuse it.',
  }),
  rule({
    id: 'PKL-OPAQUE-006',
    title: 'The pickle imports a name that no Python source can hold',
    severity: 'high',
    cwe: 'CWE-436',
    on: 'pickle.odd-name',
    explanation:
      'Line ends, spaces or escapes in a name are read differently by different loaders, which hides it from those that compare names.',
    remedy: doNotLoad,
  }),
  ...[
    {
      n: 1,
      on: 'pickle.broken',
      severity: 'medium',
      title: 'The pickle breaks off at something no loader accepts',
      explanation:
        'A loader stops here with an error, after it has done everything before. Scanners that give up on broken files miss that part.',
    },
    {
      n: 2,
      on: 'pickle.broken-after-use',
      severity: 'high',
      title: 'The pickle imports or calls before it breaks off',
      explanation: 'What stands before the break is done before the error appears. A cut-off download looks the same.',
    },
    {
      n: 3,
      on: 'pickle.length',
      severity: 'medium',
      title: 'A length in the pickle is larger than the file can hold',
      explanation: 'Loaders that trust the length allocate that much memory. A cut-off download looks the same.',
    },
    {
      n: 4,
      on: 'pickle.frame',
      severity: 'high',
      title: 'Frames of the pickle do not fit its opcodes',
      explanation:
        'Some loaders go by frames and others ignore them, so they run different programs. No pickler writes this.',
    },
    {
      n: 5,
      on: 'pickle.frame-length',
      severity: 'medium',
      title: 'A frame of the pickle is larger than the file can hold',
      explanation: 'Loaders refuse it or allocate that much memory. A cut-off download looks the same.',
    },
    {
      n: 6,
      on: 'pickle.cut',
      severity: 'medium',
      title: 'The pickle ends before its STOP',
      explanation: 'The file is cut off; a loader does everything up to its end and then fails.',
    },
    {
      n: 7,
      on: 'pickle.dup',
      severity: 'medium',
      title: 'The pickle uses an opcode that no pickler writes',
      explanation: 'DUP serves bombs that grow while loading, and hand-made programs.',
    },
    {
      n: 8,
      on: 'pickle.memo-index',
      severity: 'medium',
      title: 'The pickle numbers memo entries far ahead',
      explanation: 'Loaders keep the memo in a table as long as the highest number and run out of memory.',
    },
    {
      n: 9,
      on: 'pickle.memo-missing',
      severity: 'medium',
      title: 'The pickle asks for a memo entry that was never made',
      explanation:
        'Loaders stop with an error here, or take what an earlier stream left, which a scanner of one stream does not see.',
    },
    {
      n: 10,
      on: 'pickle.not-callable',
      severity: 'medium',
      title: 'The pickle calls data',
      explanation:
        'A loader stops with an error. Values of the wrong kind are how scanners are confused about what is called.',
    },
    {
      n: 11,
      on: 'pickle.confused',
      severity: 'medium',
      title: 'The pickle changes data as if it were another kind',
      explanation: 'A loader stops with an error, or sets an element by number. No pickler writes this.',
    },
    {
      n: 12,
      on: 'pickle.protocol',
      severity: 'medium',
      title: 'The pickle names a protocol that does not exist',
      explanation: 'Python refuses it, other loaders go on, so they see different programs.',
    },
    {
      n: 13,
      on: 'pickle.gap',
      severity: 'medium',
      title: 'Another pickle follows behind bytes that belong to none',
      explanation:
        'Loaders that seek, or that are called again, run the later one; readers of the first stream never see it.',
    },
    {
      n: 14,
      on: 'pickle.leftover',
      severity: 'medium',
      title: 'The pickle ends with values that nothing uses',
      explanation:
        'Picklers leave exactly one value. More is left by hand-made programs and by files that were damaged.',
    },
  ].map(({ n, on, severity, title, explanation }) =>
    rule({
      id: `PKL-STRUCT-${String(n).padStart(3, '0')}`,
      title,
      severity: severity as Rule['severity'],
      cwe: n === 3 || n === 5 || n === 7 || n === 8 ? 'CWE-400' : 'CWE-20',
      on,
      explanation,
      remedy: 'Download the file again and compare its sha256 with the publisher; if it is the same, do not load it.',
    }),
  ),
  rule({
    id: 'PKL-NESTED-001',
    title: 'A constant of the pickle is itself a pickle',
    severity: 'medium',
    on: 'pickle.nested',
    explanation:
      'It does nothing until something unpickles it, which an object or the loading program may do. Its own findings name the constant.',
  }),
  rule({
    id: 'PKL-NESTED-002',
    title: 'The bytes of an array are opcodes',
    severity: 'high',
    cwe: 'CWE-436',
    on: 'pickle.array-code',
    explanation:
      'joblib reads these bytes as an array, every other unpickler runs them. Both readings of the file must be harmless.',
    remedy: doNotLoad,
  }),
]

function allowedNow(use: string): boolean {
  const [module = '', name = '', actions = ''] = use.split(' ')
  return actions.split('+').every((action) => isAllowed(module, name, action as Action))
}
