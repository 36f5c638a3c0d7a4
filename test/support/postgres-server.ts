import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createCluster, type PostgresUser } from './postgres-template.ts'
import { temporaryFolder } from './temporary-folder.ts'

export { findPostgres } from './find-postgres.ts'

export type PostgresServer = {
  /** URL of a database on this server. */
  url: (database: string) => string
  port: number
  /** Runs one statement in the maintenance database. */
  run: (sql: string) => Promise<void>
  /** Ends every process of the server at once, as a power cut would. `start` brings it back with what was committed. */
  kill: () => Promise<void>
  /** Ends it in order: connections are told, a checkpoint is written. */
  shutDown: () => Promise<void>
  /** Starts it again on the same port and folder, with these settings added; resolves when it answers. */
  start: (settings?: readonly string[]) => Promise<void>
  /** Ends it and removes what it kept. */
  stop: () => Promise<void>
}

export type PostgresOptions = {
  /** Flushes each commit to the disk, for tests that kill the server. */
  durable?: boolean
  /** More settings, such as `max_connections=12`. */
  settings?: readonly string[]
}

const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
/** After a kill it reads its log again and flushes every file, which takes long on a busy disk. */
const answerLimitMs = 90_000

/**
 * A shell that starts the server, says its process id, and ends it when its own standard input closes: the end of the tests,
 * however they ended, closes that. After the word `keep` the folder stays for the next start.
 */
const guard = `
folder=$1; shift
"$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
echo $server
read -r word || word=remove
kill -QUIT $server 2>/dev/null
wait $server
[ "$word" = keep ] || rm -rf "$folder"
`

/** Starts a private server in a folder of its own on a free port of 127.0.0.1; without durability unless asked for. */
export async function startPostgres(binaries: string, options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = temporaryFolder('pg')
  const user = unprivilegedUser()
  if (user !== undefined) chownSync(folder.path, user.uid, user.gid)
  createCluster(binaries, join(folder.path, 'data'), user)

  let port = 0
  const url = (database: string) => `postgres://hub@127.0.0.1:${port}/${database}`
  const run = (sql: string) => runOnce(url('postgres'), sql)
  let running: Running | undefined
  const start = async (more: readonly string[] = []) => {
    const settings = [
      ...(options.durable === true ? [] : quick),
      'max_connections=60',
      'shared_buffers=64MB',
      ...(options.settings ?? []),
      ...more,
    ]
    const command = [join(binaries, 'postgres'), '-D', join(folder.path, 'data'), '-p', String(port), '-h', '127.0.0.1']
    const arguments_ = [...command, '-k', '', ...settings.flatMap((setting) => ['-c', setting])]
    const started = await launch(folder.path, arguments_, user)
    try {
      await untilAnswers(started, run, folder.path)
    } catch (error) {
      await started.end('keep')
      throw error
    }
    running = started
  }
  // Between the choice of a free port and its use somebody else may take it.
  for (let attempt = 1; running === undefined; attempt++) {
    port = await freePort()
    await start().catch((error: unknown) => {
      if (attempt < 3) return
      folder.remove()
      throw error
    })
  }
  const leave = async (signal: NodeJS.Signals) => {
    const ended = running
    running = undefined
    if (ended === undefined) return
    for (const pid of signal === 'SIGKILL' ? [ended.pid, ...childrenOf(ended.pid)] : [ended.pid]) send(pid, signal)
    await untilGone(ended.pid)
    await ended.end('keep')
  }
  return {
    url,
    get port() {
      return port
    },
    run,
    kill: () => leave('SIGKILL'),
    shutDown: () => leave('SIGINT'),
    start,
    stop: async () => {
      await running?.end('remove')
      running = undefined
      folder.remove()
    },
  }
}

type Running = {
  pid: number
  isGone: () => boolean
  /** Ends server and guard. */
  end: (word: 'keep' | 'remove') => Promise<void>
}

async function launch(folder: string, command: readonly string[], user: PostgresUser): Promise<Running> {
  const shell = spawn('sh', ['-c', guard, 'postgres', folder, ...command], {
    ...user,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C at the tests must not end the guard before the server.
    detached: true,
  })
  shell.stdin.on('error', () => undefined)
  const exited = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  const pid = await firstNumber(shell, exited)
  return {
    pid,
    isGone: () => !isAlive(pid),
    end: async (word) => {
      shell.stdin.end(`${word}\n`)
      await exited
    },
  }
}

async function firstNumber(shell: ChildProcess, exited: Promise<void>): Promise<number> {
  const told = new Promise<number>((resolve) => {
    shell.stdout?.once('data', (text: Buffer) => resolve(Number(text.toString().trim())))
  })
  const pid = await Promise.race([told, exited.then(() => 0)])
  if (!(pid > 0)) throw new Error('the shell that guards PostgreSQL did not start')
  return pid
}

async function untilAnswers(server: Running, run: (sql: string) => Promise<void>, folder: string): Promise<void> {
  const deadline = performance.now() + answerLimitMs
  for (;;) {
    try {
      return await run('select 1')
    } catch (cause) {
      const log = () => readFileSync(join(folder, 'log'), 'utf8').slice(-2_000)
      if (server.isGone()) throw new Error(`postgres ended: ${log()}`, { cause })
      if (performance.now() > deadline) throw new Error(`postgres does not answer: ${log()}`, { cause })
    }
    await sleep(20)
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid) || childrenOf(pid).length > 0) await sleep(5)
}

/** Processes of the server beside the first; their group is their own. Empty where there is no process table. */
function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync('/proc/self/stat')) return []
  try {
    return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && parentOf(name) === pid ? [Number(name)] : []))
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already.
  }
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function unprivilegedUser(): PostgresUser {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
    const gid = Number(spawnSync('id', ['-g', name], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
    if (uid > 0 && gid > 0) return { uid, gid }
  }
  throw new Error('PostgreSQL refuses root and there is no user "postgres" or "nobody"')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
