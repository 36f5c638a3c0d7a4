import { readdirSync, readFileSync } from 'node:fs'

export type HubProcess = { pid: number; ppid: number; part: 'hub' | 'control' | 'gateway' | 'engine'; command: string }

const parts: readonly [HubProcess['part'], RegExp][] = [
  ['hub', /\bcli\/main\.[jt]s\0serve\b/],
  ['control', /\bserver\/main\.[jt]s\0?$/],
  ['gateway', /\bgateway\/main\.[jt]s\0?$/],
  ['engine', /\bengine\/main\.[jt]s\0?$/],
]

/** The processes of hubs on this machine, of any data folder; undefined where the system has no process table to read. */
export function hubProcesses(): HubProcess[] | undefined {
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return undefined
  }
  return names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
      const part = parts.find(([, pattern]) => pattern.test(command))?.[0]
      if (part === undefined) return []
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return [{ pid: Number(name), ppid, part, command: command.replaceAll('\0', ' ').trim() }]
    } catch {
      // It ended while it was read, or belongs to somebody else.
      return []
    }
  })
}

/** The data folder that a process was started with; undefined where that cannot be read. */
export function dataFolderOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return variables.find((one) => one.startsWith('MODELHUB_DATA='))?.slice('MODELHUB_DATA='.length)
  } catch {
    return undefined
  }
}
