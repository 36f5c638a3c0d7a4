import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export type HubProcess = {
  pid: number
  ppid: number
  part: Part
  command: string /** Tells a reused pid apart. */
  startedAt: string
}
/** `hub` is the supervisor, `engine` the engine host; `model` is one engine, `scanner` a scanner child, `load` a load generator. */
export type Part = 'hub' | 'control' | 'gateway' | 'engine' | 'model' | 'scanner' | 'load' | 'other'

/** Processes are read from here; where it is missing the suites that count them are skipped. */
export const processTable = '/proc'

type Entry = HubProcess & { zombie: boolean }

/** Every process that is `root` or has it as an ancestor. */
export function processesBelow(root: number): HubProcess[] {
  const all = readTable()
  const found = all.filter(({ pid, zombie }) => pid === root && !zombie)
  for (let at = 0; at < found.length; at++) {
    const parent = found[at]
    if (parent !== undefined) found.push(...all.filter(({ ppid, zombie }) => ppid === parent.pid && !zombie))
  }
  return found
}

/** Processes that work in `folder`, whoever their parent is now: what a killed parent left behind is still found. */
export function processesIn(folder: string): HubProcess[] {
  return readTable().filter(({ pid, zombie }) => !zombie && workingFolder(pid) === folder)
}

/** Those of `known` that still run. */
export function stillRunning(known: Iterable<HubProcess>): HubProcess[] {
  const now = new Map(readTable().map((entry) => [entry.pid, entry]))
  return [...known].filter(({ pid, startedAt }) => {
    const entry = now.get(pid)
    return entry !== undefined && !entry.zombie && entry.startedAt === startedAt
  })
}

function readTable(): Entry[] {
  return readdirSync(processTable).flatMap((name) => (/^\d+$/.test(name) ? (readEntry(Number(name)) ?? []) : []))
}

function readEntry(pid: number): Entry | undefined {
  try {
    const stat = readFileSync(`${processTable}/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything; what follows the last bracket are plain fields, from the state on.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`${processTable}/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return {
      pid,
      ppid: Number(fields[1]),
      part: partOf(command),
      command,
      startedAt: fields[19] ?? '',
      zombie: fields[0] === 'Z' || fields[0] === 'X',
    }
  } catch {
    // It ended while it was read.
    return undefined
  }
}

function partOf(command: string): Part {
  if (/\bcli\/main\.ts serve/.test(command)) return 'hub'
  if (/\bserver\/main\.ts/.test(command)) return 'control'
  if (/\bgateway\/main\.ts/.test(command)) return 'gateway'
  if (/\bengine\/main\.ts/.test(command)) return 'engine'
  if (/\bengine\/child\.ts/.test(command)) return 'model'
  if (/\bscanner\/child\.(?:ts|cjs|blob)\b/.test(command)) return 'scanner'
  if (/\bloadgen\/main\.ts/.test(command)) return 'load'
  return 'other'
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`${processTable}/${pid}/cwd`)
  } catch {
    return undefined
  }
}
