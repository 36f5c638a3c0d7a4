import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As whom programs of PostgreSQL run: they refuse root, and then the tests use another user that exists. */
export type PostgresUser = { uid: number; gid: number } | undefined

/** Small log files: an empty cluster is 25 MB to copy instead of 40. */
const options = ['-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions', '--wal-segsize=1']

/**
 * Fills `data` with a new database cluster. `initdb` runs once per machine and version; every later cluster is a copy of what it
 * made, kept in the temporary folder. Two first uses at once make one each, and the first to be ready stays.
 */
export function createCluster(binaries: string, data: string, user: PostgresUser): void {
  const template = templateFolder(binaries, user)
  if (!isOurs(template, user)) makeTemplate(binaries, template, user)
  run('cp', ['-R', join(template, 'data'), data], user)
}

function templateFolder(binaries: string, user: PostgresUser): string {
  const version = run(join(binaries, 'postgres'), ['--version'], user)
    .replaceAll(/[^\d.]+/g, ' ')
    .trim()
    .split(' ')[0]
  return join(tmpdir(), `modelhub-test-cluster-${version}-${user?.uid ?? process.getuid?.() ?? 0}`)
}

function makeTemplate(binaries: string, template: string, user: PostgresUser): void {
  const own = `${template}.${randomBytes(6).toString('hex')}`
  mkdirSync(own)
  try {
    chmodSync(own, 0o755)
    if (user !== undefined) chownSync(own, user.uid, user.gid)
    run(join(binaries, 'initdb'), ['-D', join(own, 'data'), ...options], user)
    if (existsSync(template) && !isOurs(template, user)) throw new Error(`${template} belongs to somebody else`)
    // Renaming onto a folder that holds something fails: then another process was quicker.
    renameSync(own, template)
  } catch (error) {
    if (!isOurs(template, user)) throw error
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

/** A name that anybody can guess: what is there counts only when it belongs to us. */
function isOurs(template: string, user: PostgresUser): boolean {
  const found = statSync(template, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === (user?.uid ?? process.getuid?.() ?? found.uid)
}

function run(program: string, args: string[], user: PostgresUser): string {
  const done = spawnSync(program, args, {
    ...user,
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`${program} failed: ${done.stderr || done.error?.message}`)
  return done.stdout.trim()
}
