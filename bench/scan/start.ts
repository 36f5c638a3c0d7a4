import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measured } from '../ingest.ts'
import { env, program } from './small-files.ts'
import { writeSafetensors } from './write-safetensors.ts'

const rounds = 15

/** From start to end: `modelhub scan` of one small file, held against `node -e 0`. */
export async function measureStart(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-start-'))
  try {
    writeSafetensors(join(folder, 'model.safetensors'), 2 ** 20)
    const timed = (args: readonly string[]): number => {
      const began = performance.now()
      execFileSync(process.execPath, args, { maxBuffer: 2 ** 26, env })
      return (performance.now() - began) / 1_000
    }
    const [subject, control]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      control.push(timed(['-e', '0']))
      subject.push(timed([program, 'scan', folder]))
    }
    return {
      ratios: subject.map((one, i) => one / (control[i] ?? Number.NaN)),
      control,
      facts: { seconds: subject, controlSeconds: control },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
