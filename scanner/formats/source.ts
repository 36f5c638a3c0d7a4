import { defineFormat } from '../define-format.ts'
import { inspectSource } from '../source/inspect.ts'
import { sourceRules } from '../source/rules.ts'

const named =
  /\.(js|mjs|cjs|ts|jse|vbs|vbe|wsf|hta|desktop|reg|jnlp|applescript|rb|pl|lua|php|r|jl|c|cc|cpp|cu|cuh|h|hpp|go|rs|java|kt|swift|dockerfile|mk|cmake|ptx|cl|metal)$|(^|\/)(dockerfile|makefile|cmakelists\.txt|jenkinsfile)$/

/** Program text in other languages than Python, by name: no loader of models reads it, but people and builds may run it. */
export const sourceFormat = defineFormat({
  kind: 'source',
  title: 'Source code',
  probe: ({ text, offset, path }) =>
    text !== undefined && named.test(path) ? { offset, certainty: 'guess' } : undefined,
  inspect: inspectSource,
  rules: sourceRules,
})
