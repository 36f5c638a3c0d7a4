import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { entry } from '../../kernel/index.ts'

/** How to start a scanner child on this machine, and what that start provides. */
export type ChildCommand = {
  file: string
  args: string[]
  networkNamespace: boolean
  dataLimitBytes?: number
}

export type CommandOptions = {
  /** The child's main module. */
  main: URL
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

/** Finds out once what this machine offers and puts the command together. Never throws: what is missing is left out and reported. */
export async function childCommand(options: CommandOptions): Promise<ChildCommand> {
  const node = [process.execPath, ...nodeArguments(options), fileURLToPath(options.main)]
  const limitKilobytes = Math.floor(options.dataLimitBytes / 1024)
  const limits = `ulimit -d ${limitKilobytes} && ulimit -t ${options.cpuSeconds} && ulimit -c 0`
  const limited = process.platform === 'linux' && (await works(shell, ['-c', `${limits} && :`]))
  const unshare =
    process.platform === 'linux' ? await firstWorking(unshareCandidates, ['-rn', shell, '-c', ':']) : undefined

  const inner = limited ? [shell, '-c', `${limits} && unset PWD OLDPWD SHLVL && exec "$0" "$@"`, ...node] : node
  const setpriv =
    process.platform === 'linux'
      ? await firstWorking(setprivCandidates, [...dieWithParent, shell, '-c', ':'])
      : undefined
  const bound = setpriv === undefined ? inner : [setpriv, ...dieWithParent, ...inner]
  const whole = unshare === undefined ? bound : [unshare, '-rn', ...bound]
  return {
    file: whole[0] ?? process.execPath,
    args: whole.slice(1),
    networkNamespace: unshare !== undefined,
    ...(limited ? { dataLimitBytes: limitKilobytes * 1024 } : {}),
  }
}

/** Read access to the scanner's code and what it imports; nothing else is allowed. */
function nodeArguments({ main, heapMB }: CommandOptions): string[] {
  const scanner = dirname(dirname(fileURLToPath(import.meta.url)))
  const root = dirname(scanner)
  const readable = [
    scanner + sep,
    join(root, 'kernel') + sep,
    dirname(fileURLToPath(main)) + sep,
    jinjaFolder() + sep,
    // Node asks these for the module type of the files above.
    join(root, 'package.json'),
    join(dirname(root), 'package.json'),
  ]
  const real = readable.flatMap((path) => [path, realPath(path)])
  return [
    '--permission',
    ...[...new Set(real)].map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${heapMB}`,
    '--no-warnings',
    '--disable-proto=throw',
    '--import',
    entry('../no-network', import.meta.url).href,
  ]
}

function jinjaFolder(): string {
  const resolved = createRequire(import.meta.url).resolve('@huggingface/jinja')
  const name = join('@huggingface', 'jinja')
  return resolved.slice(0, resolved.lastIndexOf(name) + name.length)
}

function realPath(path: string): string {
  try {
    return realpathSync(path) + (path.endsWith(sep) ? sep : '')
  } catch {
    return path
  }
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
