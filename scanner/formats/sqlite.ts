import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: SQLite database file format, section 1.3. */
export const sqliteFormat = defineFormat({
  kind: 'sqlite',
  title: 'SQLite database',
  extensions: ['.sqlite', '.db'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'SQLite format 3\u0000') ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('SQLite database'),
  rules: [],
})
