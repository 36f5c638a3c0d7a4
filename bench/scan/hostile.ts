import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { heapOfChild } from './heap-of-child.ts'
import { hostileFiles } from './hostile-files.ts'

const watchMs = 5

export type HostileRun = { file: string; peakMB: number; seconds: number; ended: number | string }

/** Resident memory at most of the inspection of each hostile file in a process with the heap of a scanner child, and how it ended. */
export async function measureHostile(): Promise<HostileRun[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-hostile-'))
  try {
    const runs: HostileRun[] = []
    for (const [file, write] of Object.entries(hostileFiles)) {
      const path = join(folder, file.split(',')[0] ?? '')
      write(path)
      runs.push({ file, ...(await watch(path, join(folder, 'cache'))) })
      rmSync(path)
    }
    return runs
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function watch(path: string, cache: string): Promise<Omit<HostileRun, 'file'>> {
  const program = fileURLToPath(new URL('inspect-one.ts', import.meta.url))
  const began = performance.now()
  const child = spawn(process.execPath, [...heapOfChild, program, path, 'any'], {
    stdio: 'ignore',
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  let peakMB = 0
  const timer = setInterval(() => {
    peakMB = Math.max(peakMB, peakOf(child.pid))
  }, watchMs)
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearInterval(timer)
  return { peakMB, seconds: (performance.now() - began) / 1_000, ended: code ?? signal ?? '' }
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}
