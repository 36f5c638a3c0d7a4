import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { ChildProgram } from './child-program.ts'

/** How to start a scanner child on this machine, and what that start provides. */
export type ChildCommand = {
  file: string
  args: string[]
  networkNamespace: boolean
  dataLimitBytes?: number
}

export type CommandOptions = {
  program: ChildProgram
  /** Bytes of writable memory the kernel grants. */
  dataLimitBytes: number
  /** Megabytes of JavaScript heap. */
  heapMB: number
  /** Seconds of processor time after which the kernel ends the child, whoever still watches it. */
  cpuSeconds: number
}

const run = promisify(execFile)
/** Absolute, because the child's environment has no PATH. */
const unshareCandidates = ['/usr/bin/unshare', '/bin/unshare']
const setprivCandidates = ['/usr/bin/setpriv', '/bin/setpriv']
/** The kernel ends the child with its parent, also when it stands still or loops and cannot notice by itself. */
const dieWithParent = ['--pdeathsig', 'KILL']
const shell = '/bin/sh'

/** What this machine offers to keep a child in. */
export type Machine = { unshare: string | undefined; setpriv: string | undefined; limits: boolean }

/**
 * What this machine offers by the look of it. Where one of them does not work, a child does not start; one that starts has them all.
 */
export function assumedMachine(): Machine {
  if (process.platform !== 'linux') return { unshare: undefined, setpriv: undefined, limits: false }
  const there = (files: readonly string[]) => files.find((file) => existsSync(file))
  return { unshare: there(unshareCandidates), setpriv: there(setprivCandidates), limits: true }
}

/** Finds out what this machine offers, by trying it. Never throws: what does not work is left out. */
export async function probeMachine(): Promise<Machine> {
  if (process.platform !== 'linux') return { unshare: undefined, setpriv: undefined, limits: false }
  const [unshare, setpriv, limits] = await Promise.all([
    firstWorking(unshareCandidates, ['-rn', shell, '-c', ':']),
    firstWorking(setprivCandidates, [...dieWithParent, shell, '-c', ':']),
    works(shell, ['-c', 'ulimit -d 1048576 && ulimit -t 3600 && ulimit -c 0']),
  ])
  return { unshare, setpriv, limits }
}

/** The command for one child on this machine. */
export function childCommand(machine: Machine, options: CommandOptions): ChildCommand {
  const { run, ...access } = options.program
  const node = [process.execPath, ...nodeArguments(access, options.heapMB), ...run]
  const limitKilobytes = Math.floor(options.dataLimitBytes / 1024)
  const limits = `ulimit -d ${limitKilobytes} && ulimit -t ${options.cpuSeconds} && ulimit -c 0`
  const inner = machine.limits ? [shell, '-c', `${limits} && unset PWD OLDPWD SHLVL && exec "$0" "$@"`, ...node] : node
  const bound = machine.setpriv === undefined ? inner : [machine.setpriv, ...dieWithParent, ...inner]
  const whole = machine.unshare === undefined ? bound : [machine.unshare, '-rn', ...bound]
  return {
    file: whole[0] ?? process.execPath,
    args: whole.slice(1),
    networkNamespace: machine.unshare !== undefined,
    ...(machine.limits ? { dataLimitBytes: limitKilobytes * 1024 } : {}),
  }
}

/** Read access to the scanner's code and what it imports; nothing else is allowed. */
function nodeArguments({ readable, preload }: Omit<ChildProgram, 'run'>, heapMB: number): string[] {
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${heapMB}`,
    // Left to itself the space for short-lived objects takes up to 100 MB of the child's memory before anything is collected.
    '--max-semi-space-size=4',
    '--no-warnings',
    '--disable-proto=throw',
    ...preload,
  ]
}

async function firstWorking(files: readonly string[], args: string[]): Promise<string | undefined> {
  for (const file of files) if (await works(file, args)) return file
  return undefined
}

async function works(file: string, args: string[]): Promise<boolean> {
  try {
    await run(file, args, { timeout: 5000, env: {} })
    return true
  } catch {
    return false
  }
}
