import { createHash } from 'node:crypto'
import { licenses } from './families/index.ts'

/** Changes with every license, clause and rule: an assessment made under another is made again. */
export const rulesVersion: string = createHash('sha256')
  .update(JSON.stringify(licenses, (_key, value: unknown) => (value instanceof RegExp ? value.source : value)))
  .digest('hex')
  .slice(0, 12)
