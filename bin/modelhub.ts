#!/usr/bin/env node
// The command of the packed product. Whatever Node runs it (20 or newer), the product runs on the Node it pins: the npm package
// `node`. Only what Node 20 knows may be used here.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never

// npm puts a link to this file into node_modules/.bin; its real place is what counts.
const own = realpathSync(fileURLToPath(import.meta.url))
const main = join(dirname(dirname(own)), 'cli', own.endsWith('.ts') ? 'main.ts' : 'main.js')
const pinned = findPinnedNode(dirname(own))

if (pinned === undefined) {
  process.stderr.write('modelhub: the pinned Node is missing: the package "node" was not found beside modelhub.\n')
  process.stderr.write(
    'Install modelhub again, and allow install scripts for the package "node" in your npm settings.\n',
  )
  process.exitCode = 1
} else {
  run(pinned, [main, ...process.argv.slice(2)])
}

/** Looks for node_modules/node/bin/node from the folder upward, as packages are found. */
function findPinnedNode(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', 'node')
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

/** Becomes the pinned Node where the platform can (same process, so signals and exit code need nothing), else stands in front of it. */
function run(node: string, args: readonly string[]): void {
  const { execve } = process as { execve?: Execve }
  if (execve !== undefined) {
    // Node calls it experimental and says so on standard error; our users did not ask.
    process.removeAllListeners('warning')
    process.on('warning', () => undefined)
    try {
      execve.call(process, node, [node, ...args], process.env)
    } catch {
      // Not on this platform: stand in front of it.
    }
  }
  standInFront(node, args)
}

function standInFront(node: string, args: readonly string[]): void {
  const child = spawn(node, args, { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the whole group: the child has it already, and twice would mean "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']
  for (const signal of signals) process.on(signal, forward)
  child.once('error', (error) => {
    process.stderr.write(`modelhub: the pinned Node could not be started: ${error.message}\n`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, forward)
    // Dies as the child died, so that a shell sees the same.
    if (signal !== null) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
