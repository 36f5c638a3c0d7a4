import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { heapOfChild } from './heap-of-child.ts'

const rounds = 3
const opcodes = 12_000_000

/** Seconds and resident memory at most, of the inspection of a pickle of 12 million opcodes (40 MB), in a process of its own. */
export async function measureOpcodes(): Promise<{ seconds: number; peakMB: number }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-opcodes-'))
  try {
    const path = join(folder, 'opcodes.pkl')
    writeFileSync(path, manyOpcodes())
    const program = fileURLToPath(new URL('inspect-one.ts', import.meta.url))
    // Like in a scanner child there is no stripping of types: the first run fills the cache and does not count.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') }
    const once = () =>
      execFileSync(process.execPath, [...heapOfChild, program, path, 'pass'], { encoding: 'utf8', env })
    once()
    return Array.from({ length: rounds }, () => JSON.parse(once()) as { seconds: number; peakMB: number })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A list of lists of integers: BININT, BININT1 and BININT2 in turn, an inner list every thousand. */
function manyOpcodes(): Buffer {
  const bytes = Buffer.alloc(48 * 2 ** 20)
  let at = 0
  const put = (...values: number[]): void => {
    for (const value of values) bytes[at++] = value
  }
  put(0x80, 2, 0x5d, 0x28)
  for (let count = 4; count < opcodes - 2; ) {
    put(0x5d, 0x28)
    for (let i = 0; i < 333; i++) put(0x4a, i, 1, 2, 3, 0x4b, i & 0xff, 0x4d, i & 0xff, 7)
    put(0x65)
    count += 3 + 999
  }
  put(0x65, 0x2e)
  return bytes.subarray(0, at)
}
