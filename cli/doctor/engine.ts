import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Check, type DoctorCheck, fail, ok } from './check.ts'
import { hubProcesses } from './processes.ts'

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
}

/** The engine is installed for this platform; where a hub runs, its engine host runs beside it. */
export const checkEngine: DoctorCheck = (patient) => [installed(patient.product.root), ...host(patient)]

function installed(root: string): Check {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined)
    return fail('engine', `There is no engine for ${platform}`, 'Run the hub on Linux or macOS, x64 or arm64.')
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', '@node-llama-cpp', name, 'package.json'))) {
      return ok('engine', `llama.cpp for ${platform} is installed`)
    }
    if (folder === dirname(folder)) break
  }
  return fail(
    'engine',
    `@node-llama-cpp/${name} is not installed`,
    'Install the packages again without --omit=optional.',
  )
}

function host({ locked, told }: Parameters<DoctorCheck>[0]): Check[] {
  const { pid } = told
  const processes = hubProcesses()
  if (locked !== true || pid === undefined || processes === undefined) return []
  if (!processes.some((one) => one.pid === pid)) return []
  if (processes.some((one) => one.part === 'engine' && one.ppid === pid)) return [ok('engine host', 'it runs')]
  return [
    fail(
      'engine host',
      `The hub (process ${pid}) runs without its engine host: models cannot be loaded`,
      'It is started again within seconds. If it stays away, read the log of the hub for what ends it.',
    ),
  ]
}
