import { defineRule, type Rule } from './define-rule.ts'
import { belongsToLlamafile } from './executable.ts'

/** For observations no rule answers to. */
export const staleFactsRule: Rule = defineRule({
  id: 'SCAN-STALE-001',
  title: 'The stored facts hold an observation this ruleset does not know',
  severity: 'high',
  cwe: 'CWE-693',
  explanation: 'Facts and rules come from different releases. What cannot be judged must not look clean.',
  remedy: 'Scan the file again with this release.',
})

/** Rules about the scan itself: what could not be read, and content hidden behind other content. */
export const scanRules: readonly Rule[] = [
  staleFactsRule,
  defineRule({
    id: 'SCAN-UNINSPECTED-001',
    title: 'No inspector for this format in this release',
    severity: 'low',
    cwe: 'CWE-693',
    explanation:
      'The format is recognized by its content, but nothing looks inside it yet, so nothing is known about its safety.',
    remedy: 'Convert the model to safetensors or GGUF, or leave the file out and register the rest as a new version.',
    on: ['scan.uninspected'],
  }),
  defineRule({
    id: 'SCAN-UNINSPECTED-002',
    title: 'The content of the file matches no known format',
    severity: 'low',
    cwe: 'CWE-693',
    explanation: 'No structure was recognized at the start of the file, so none of its bytes could be checked.',
    remedy: 'Find out what the file is for; remove it from the model if nothing needs it.',
    on: ['scan.unknown-format'],
  }),
  defineRule({
    id: 'SCAN-UNINSPECTED-003',
    title: 'Bytes that no structure accounts for',
    severity: 'low',
    cwe: 'CWE-693',
    explanation: 'Every byte must be parsed, proven tensor storage or confirmed inert; these are neither.',
    remedy: 'Ask the publisher for a clean export; data between or behind structures is a hiding place.',
    check: (facts) => {
      const named = facts.observations.some(({ code }) => code.startsWith('scan.'))
      const first = facts.coverage.unaccounted[0]
      if (named || first === undefined) return []
      return [
        { offset: first.offset, detail: `${facts.coverage.unaccountedBytes} bytes, the first at ${first.offset}` },
      ]
    },
  }),
  defineRule({
    id: 'SCAN-INCOMPLETE-001',
    title: 'The inspection ended before the file was read in full',
    severity: 'high',
    cwe: 'CWE-400',
    explanation:
      'The isolated scanner process crashed, ran out of time or memory, or could not read the file. Files that do this are broken, enormous or hostile.',
    remedy: 'Retry once; if it happens again treat the file as hostile and ask its publisher for a clean export.',
    on: ['scan.incomplete', 'scan.inspector-failed'],
  }),
  defineRule({
    id: 'SCAN-LIMIT-001',
    title: 'The file is beyond a limit of the scanner',
    severity: 'high',
    cwe: 'CWE-770',
    explanation:
      'Counts, depths and sizes are bounded so that no file can exhaust the scanner; what lies beyond was not read.',
    remedy: 'Check whether the size is plausible for this model; if it is, have a person review the file.',
    on: ['scan.limit'],
  }),
  defineRule({
    id: 'POLY-RUN-001',
    title: 'A second format that can run code begins inside the file',
    severity: 'high',
    cwe: 'CWE-434',
    explanation: 'One file that two loaders read differently passes a check of the one and attacks through the other.',
    remedy: 'Do not load the file. Ask the publisher for an export that ends where its structure ends.',
    on: ['poly.runnable'],
    // A llamafile is a program and an archive by design, and is judged as that.
    when: (seen, facts) => !belongsToLlamafile(seen, facts),
  }),
  defineRule({
    id: 'POLY-DATA-001',
    title: 'A second format begins inside the file',
    severity: 'medium',
    cwe: 'CWE-436',
    explanation: 'Data behind the end of a structure is ignored by one reader and used by another.',
    remedy: 'Ask the publisher for an export that ends where its structure ends.',
    on: ['poly.data'],
  }),
]
