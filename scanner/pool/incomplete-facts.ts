import type { FileFacts } from '../types.ts'
import { scannerVersion } from '../version.ts'

/** The facts about a file whose inspection did not come to its end: nothing is accounted for, so it is never clean. */
export function incompleteFacts(
  size: number,
  reason: string,
  cause: 'crash' | 'deadline' | 'memory' | 'unreadable' | 'cancelled',
): FileFacts {
  return {
    scannerVersion,
    size,
    format: 'unknown',
    title: 'Unknown format',
    parts: [{ format: 'unknown', offset: 0, length: size }],
    coverage: {
      parsedBytes: 0,
      tensorBytes: 0,
      inertBytes: 0,
      unaccountedBytes: size,
      unaccounted: size === 0 ? [] : [{ offset: 0, length: size }],
    },
    observations: [{ code: 'scan.incomplete', offset: 0, detail: reason.slice(0, 300), data: { cause } }],
  }
}
