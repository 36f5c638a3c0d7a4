import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashFile } from '../ingest/hash-file.ts'
import { openHub } from '../ingest/open-hub.ts'
import type { Measured } from '../ingest.ts'
import { writeSafetensors } from './write-safetensors.ts'
import { writeTorchZip } from './write-torch-zip.ts'

const rounds = 5
const size = 2 ** 30
/** File systems stamp changes late while a file is new; afterwards nothing waits for that. */
const settleMs = 61_000

/** List, read, seal and inspect one warm file in place, held against hashing it. */
export async function measureAgainstHash(kind: 'torch' | 'safetensors'): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-scan-'))
  const models = join(folder, 'models')
  mkdirSync(models)
  const path = join(models, kind === 'torch' ? 'pytorch_model.bin' : 'model.safetensors')
  if (kind === 'torch') writeTorchZip(path, size)
  else writeSafetensors(path, size)
  const hub = await openHub(folder, models, { inspects: true })
  try {
    console.error(`waiting ${settleMs / 1_000} s until the file is old`)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const [subject, control]: [number[], number[]] = [[], []]
    hashFile(path)
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      hashFile(path)
      control.push((performance.now() - began) / 1_000)
      subject.push(await hub.takeIn({ type: 'disk', path, mode: 'in_place' }))
    }
    return {
      ratios: subject.map((one, i) => one / (control[i] ?? Number.NaN)),
      control,
      facts: { sizeBytes: size, seconds: subject, controlSeconds: control },
    }
  } finally {
    await hub.close()
    rmSync(folder, { recursive: true })
  }
}
