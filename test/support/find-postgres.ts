import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

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
