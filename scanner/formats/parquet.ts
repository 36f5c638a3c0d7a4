import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: Parquet format; the magic stands at both ends. */
export const parquetFormat = defineFormat({
  kind: 'parquet',
  title: 'Parquet table',
  extensions: ['.parquet'],
  probe: ({ head, tail, offset }) =>
    hasAt(head, 0, 'PAR1') && hasAt(tail, tail.length - 4, 'PAR1') ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('Parquet table'),
  rules: [],
})
