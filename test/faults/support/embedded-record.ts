import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Journalled, readJournal } from './embedded-journal.ts'
import type { Load } from './embedded-load.ts'
import { type Disk, readDisk } from './embedded-power-cut.ts'

const here = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url))

/** A folder in memory where the machine has one: what is tested is the order of flushes, not the disk. */
export function scratchFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'modelhub-cuts-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}

export type Recording = { disk: Disk; entries: Journalled[] }

/** Runs a load to its end on a data folder below `root`; gives the disk as it was before and what happened since. */
export function record(root: string, load: Load): Promise<Recording> {
  return recordProgram(root, 'embedded-load', JSON.stringify(load))
}

/** The same for any program beside this file. */
export async function recordProgram(root: string, name: string, argument: string): Promise<Recording> {
  mkdirSync(root, { recursive: true })
  const disk = readDisk(root)
  const journal = `${root}.journal`
  await runRecorded(root, journal, [here(name), argument])
  const entries = readJournal(journal)
  rmSync(journal)
  return { disk, entries }
}

async function runRecorded(root: string, journal: string, program: string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', here('embedded-recorder'), ...program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { MODELHUB_TEST_JOURNAL: journal, MODELHUB_TEST_ROOT: root },
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  process.removeListener('exit', kill)
  if (code !== 0) throw new Error(`the load ended with ${String(code)}: ${errors}`)
}
