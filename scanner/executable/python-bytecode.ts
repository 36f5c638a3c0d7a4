import { hasAt, u16At, u32At } from '../probe.ts'

/** Magic numbers of Python 3.0 to 3.15 and some to come; those of Python 2 lie above 62,000. Source: CPython Lib/importlib/_bootstrap_external.py. */
const first = 3000
const last = 3800

/** True for a compiled module: the version's magic, carriage return and line feed, flags or time, then a marshalled code object. */
export function isPythonBytecode(head: Uint8Array): boolean {
  const magic = u16At(head, 0)
  if (magic >= 62_000 && magic < 62_300) return hasAt(head, 2, [0x0d, 0x0a]) && isCode(head[8])
  if (magic < first || magic > last || head[2] !== 0x0d || head[3] !== 0x0a || head.length < 17) return false
  // Since 3.7 sixteen bytes stand before the code, from 3.3 on twelve.
  return (u32At(head, 4) <= 3 && isCode(head[16])) || isCode(head[12])
}

/** The type letter `c`, with or without the mark that it may be referred to. */
function isCode(byte: number | undefined): boolean {
  return byte === 0x63 || byte === 0xe3
}
