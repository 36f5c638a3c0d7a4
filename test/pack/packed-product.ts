import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const execute = promisify(execFile)
/** Bytes of output that are kept; npm lists every packed file. */
const maxBuffer = 16 * 2 ** 20

/**
 * A user's environment: nothing of the npm that runs these tests, no hub settings, and no Node of this checkout first in PATH, so
 * that the command starts on the machine's own Node.
 */
export function userEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const reachPackages = /^npm_config_(registry|cache|proxy|https_proxy|noproxy|userconfig|globalconfig|cafile)$/i
  const kept = Object.entries(process.env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined &&
      (!/^(npm_|MODELHUB_|NODE_OPTIONS$|VITEST|INIT_CWD$)/i.test(pair[0]) || reachPackages.test(pair[0])),
  )
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(checkout))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), NO_COLOR: '1', ...more }
}

/** Runs a program to its end. Never throws for its exit code. */
export async function run(
  file: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await execute(file, args, { cwd, env: userEnvironment(), maxBuffer })) }
  } catch (error) {
    const ended = error as { code?: number | string; stdout?: string; stderr?: string }
    if (typeof ended.code !== 'number') throw error
    return { code: ended.code, stdout: ended.stdout ?? '', stderr: ended.stderr ?? '' }
  }
}

/** `npm pack` in the checkout, then `npm install` of the tarball in an empty folder. Returns the folder and the tarball's path. */
export async function packAndInstall(folder: string): Promise<{ installed: string; tarball: string }> {
  const packed = join(folder, 'packed')
  const installed = join(folder, 'installed')
  mkdirSync(packed)
  mkdirSync(installed)
  const hadDist = existsSync(join(checkout, 'dist'))
  try {
    await succeed('npm', ['pack', '--pack-destination', packed, '--loglevel=error'], checkout)
  } finally {
    if (!hadDist) rmSync(join(checkout, 'dist'), { recursive: true, force: true })
  }
  const tarball = join(packed, readdirSync(packed).find((name) => name.endsWith('.tgz')) ?? 'no tarball')
  await succeed('npm', ['install', tarball, '--no-audit', '--no-fund', '--loglevel=error'], installed)
  return { installed, tarball }
}

async function succeed(file: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await run(file, args, cwd)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`)
}

/** Megabytes on disk, as `du -sm` counts them: a file with two names counts once. */
export async function megabytes(folder: string): Promise<number> {
  return Number((await run('du', ['-sk', folder], folder)).stdout.split('\t')[0]) / 1024
}

/** The compiler of the checkout, for a look at the types as a user's project sees them. */
export const compiler: string = join(checkout, 'node_modules', 'typescript7', 'bin', 'tsc')

export type PackedHub = { url: string; gatewayUrl: string; output: () => string; stop: () => Promise<number | null> }

/** Starts `modelhub serve` of the installed package in a process group of its own. `stop` sends SIGTERM to the one process a user sees. */
export async function serve(installed: string, dataFolder: string): Promise<PackedHub & { kill: () => void }> {
  const [port, gatewayPort] = [await freePort(), await freePort()]
  const child: ChildProcess = spawn(join(installed, 'node_modules', '.bin', 'modelhub'), ['serve'], {
    cwd: installed,
    detached: true,
    env: userEnvironment({
      MODELHUB_DATA: dataFolder,
      MODELHUB_PORT: String(port),
      MODELHUB_GATEWAY_PORT: String(gatewayPort),
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  const exited = once(child, 'exit')
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The whole group is gone already.
    }
  }
  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = (await exited) as [number | null]
    return code
  }
  return {
    url: `http://127.0.0.1:${port}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    output: () => text,
    stop,
    kill,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Command lines of the running processes that name this folder. */
export async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await execute('ps', ['-eo', 'pid,args'], { maxBuffer })
  return stdout.split('\n').filter((line) => line.includes(folder) && !line.includes(' ps -eo '))
}
