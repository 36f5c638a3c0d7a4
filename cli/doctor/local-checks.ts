import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../../kernel/index.ts'
import type { Product } from '../product.ts'
import { bytes } from '../text/units.ts'
import { type Check, fail, ok, warn } from './check.ts'

/** Below this much free disk a model of common size no longer fits (bytes). */
const lowDisk = 5e9
/** The hub's processes need about this much before any model is loaded (bytes). */
const lowMemory = 1.5e9

/** The checks of this machine that need no hub. */
export function localChecks(product: Product, data: string): Check[] {
  const folder = resolve(data)
  return [nodeCheck(product), ...dataChecks(folder), diskCheck(folder), memoryCheck(), engineCheck(product)]
}

function nodeCheck(product: Product): Check {
  const running = process.versions.node
  return running === product.node
    ? ok('node', `Node ${running}, the pinned version`)
    : warn(
        'node',
        `Node ${running} runs this; ${product.node} is pinned`,
        'Start the hub with the command modelhub, which brings its own Node.',
      )
}

function dataChecks(folder: string): Check[] {
  const existing = nearest(folder)
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch (error) {
    return [
      fail(
        'data folder',
        `${folder} cannot be written: ${messageOf(error)}`,
        'Choose another with MODELHUB_DATA, or change its owner.',
      ),
    ]
  }
  const found =
    existing === folder ? ok('data folder', `${folder} is writable`) : ok('data folder', `${folder} can be made`)
  const token = join(folder, 'cli-token')
  if (!existsSync(token)) return [found]
  const mode = statSync(token).mode & 0o777
  return (mode & 0o077) === 0
    ? [found]
    : [
        found,
        fail('token file', `${token} can be read by others (mode ${mode.toString(8)})`, `Run: chmod 600 ${token}`),
      ]
}

function diskCheck(folder: string): Check {
  const { bavail, bsize } = statfsSync(nearest(folder))
  const free = bavail * bsize
  const message = `${bytes(free)} free`
  return free < lowDisk
    ? warn('disk', message, 'Make room, or move the data folder with MODELHUB_DATA.')
    : ok('disk', message)
}

function memoryCheck(): Check {
  // In a container the limit of the container counts; without one Node answers with 0 or an absurd number.
  const limit = process.constrainedMemory()
  const total = limit > 0 && limit < totalmem() ? limit : totalmem()
  const message = `${bytes(total)} of memory, ${bytes(Math.min(total, freemem()))} free`
  return total < lowMemory ? warn('memory', message, 'Give the hub at least 2 GB.') : ok('memory', message)
}

const enginePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
}

function engineCheck(product: Product): Check {
  const platform = `${process.platform}-${process.arch}`
  const name = enginePackages[platform]
  if (name === undefined)
    return fail('engine', `There is no engine for ${platform}`, 'Run the hub on Linux or macOS, x64 or arm64.')
  for (let folder = product.root; ; folder = dirname(folder)) {
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

function nearest(folder: string): string {
  let found = folder
  while (!existsSync(found) && found !== dirname(found)) found = dirname(found)
  return found
}
