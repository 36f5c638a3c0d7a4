import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { temporaryFolder } from './temporary-folder.ts'
import { waitUntil } from './wait-until.ts'

export type PostgresServer = {
  /** URL of a database on this server. */
  url: (database: string) => string
  /** Runs one statement in the maintenance database. */
  run: (sql: string) => Promise<void>
  stop: () => Promise<void>
}

/** The folder of the newest PostgreSQL binaries on this machine, if any; installs them when the environment asks for that. */
export function findPostgres(): string | undefined {
  return installedPostgres() ?? (mayInstall() && install() ? installedPostgres() : undefined)
}

function installedPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function mayInstall(): boolean {
  const asked = process.env['CI'] !== undefined || process.env['MODELHUB_TEST_INSTALL'] === '1'
  return asked && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

function install(): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { env, stdio: 'inherit' }).status === 0
  return apt('install', 'postgresql') || (apt('update') && apt('install', 'postgresql'))
}

/** Starts a private server in a folder of its own on a free port of 127.0.0.1, without durability. */
export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const folder = temporaryFolder('pg')
  const user = unprivilegedUser()
  if (user !== undefined) chownSync(folder.path, user.uid, user.gid)
  const asUser = user === undefined ? {} : { uid: user.uid, gid: user.gid }
  const options = {
    ...asUser,
    cwd: folder.path,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  }
  const data = join(folder.path, 'data')
  const made = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)

  const port = await freePort()
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=60',
    'shared_buffers=64MB',
  ]
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: 'ignore' },
  )
  const end = () => void server.kill('SIGQUIT')
  process.once('exit', end)
  const url = (database: string) => `postgres://hub@127.0.0.1:${port}/${database}`
  const run = (sql: string) => runOnce(url('postgres'), sql)
  await waitUntil(
    () =>
      run('select 1').then(
        () => true,
        () => assertRuns(server),
      ),
    20_000,
  )
  return {
    url,
    run,
    stop: async () => {
      process.removeListener('exit', end)
      const exited = new Promise((resolve) => server.once('exit', resolve))
      if (server.exitCode === null && server.kill('SIGQUIT')) await exited
      folder.remove()
    },
  }
}

function assertRuns(server: ChildProcess): false {
  if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`)
  return false
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** initdb and postgres refuse to run as root; then the tests use another user that exists. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
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
