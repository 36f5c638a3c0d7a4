import type { Schema } from '../../app/client.ts'
import { text } from '../../text.ts'

export type Finding = Schema<'Finding'>

/** Where in the file: the member or structure path, and the byte. */
export const whereOf = (finding: Finding): string =>
  [
    finding.member,
    finding.offset === null ? null : text.model.security.offset(`0x${finding.offset.toString(16).toUpperCase()}`),
  ]
    .filter((part) => part !== null)
    .join(', ')
