import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rounds = 5
const count = 2_000
export const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
/** As `./modelhub` sets it. */
export const env = {
  ...process.env,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/modelhub', import.meta.url)),
}

/** Seconds that `modelhub scan` takes for 2,000 pickles of 4 KB, from start to end. */
export async function measureSmallFiles(): Promise<{ seconds: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-small-'))
  try {
    for (let i = 0; i < count; i++) writeFileSync(join(folder, `${i}.pkl`), smallPickle(i))
    const seconds = Array.from({ length: rounds }, () => {
      const began = performance.now()
      execFileSync(process.execPath, [program, 'scan', folder, '--format', 'json'], { maxBuffer: 2 ** 28, env })
      return (performance.now() - began) / 1_000
    })
    return { seconds }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A dictionary of numbers, in protocol 2. @param seed makes its bytes its own */
function smallPickle(seed: number): Buffer {
  const parts = [Buffer.from([0x80, 2, 0x7d, 0x28])]
  for (let i = 0; i < 400; i++) {
    const pair = Buffer.alloc(10)
    pair.write('J', 0, 'latin1')
    pair.writeInt32LE(i, 1)
    pair.write('J', 5, 'latin1')
    pair.writeInt32LE(seed * 1_000 + i, 6)
    parts.push(pair)
  }
  return Buffer.concat([...parts, Buffer.from([0x75, 0x2e])])
}
