import { defineFormat, leaveUninspected } from '../define-format.ts'

const named =
  /\.(js|mjs|cjs|ts|rb|pl|lua|php|r|jl|c|cc|cpp|cu|h|hpp|go|rs|java|ipynb|vbs|hta|desktop|dockerfile|mk|cmake)$|(^|\/)(dockerfile|makefile)$/

/** Program text in other languages than Python. Only the name tells; nothing inspects it yet, so the name cannot hide anything. */
export const sourceFormat = defineFormat({
  kind: 'source',
  title: 'Source code',
  probe: ({ text, offset, path }) =>
    text !== undefined && named.test(path) ? { offset, certainty: 'guess' } : undefined,
  inspect: leaveUninspected('Source code'),
  rules: [],
})
