// The set-up that every entry does by itself: installs the packages when they are missing or older than the lockfile and,
// with --web, builds the web app when it is stale. Plain JavaScript without dependencies: it runs on any Node >= 20 before
// anything is installed. Two starts at once wait for each other.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stderr.write(`modelhub: ${text}\n`)

function fail(text, remedy) {
  say(text)
  if (remedy) say(remedy)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Node ${process.versions.node} is too old.`,
    'Install Node 20 or newer; the hub then brings its own pinned Node.',
  )
}

/** The outer npm's settings would steer the nested one (prefix, workspace, ignore-scripts); keep only how to reach packages. */
function cleanEnvironment() {
  const keep = /^npm_config_(registry|cache|proxy|https_proxy|noproxy|userconfig|globalconfig|cafile)$/i
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name) || keep.test(name)),
  )
}

function withLock(name, work) {
  const lock = join(root, `.setup-${name}.lock`)
  const deadline = Date.now() + 10 * 60_000
  for (;;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (ownerIsGone(lock)) {
        rmSync(lock, { recursive: true, force: true })
        continue
      }
      if (Date.now() > deadline)
        fail(`another set-up holds ${lock}.`, 'Wait for it, or remove that folder if nothing runs.')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function ownerIsGone(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'ESRCH') return true
    // No pid file yet: the owner has just made the folder, unless it died right there.
    return error.code === 'ENOENT' && Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 5_000
  }
}

const lockfile = join(root, 'package-lock.json')
const packagesStamp = join(root, 'node_modules', '.modelhub-packages')
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node')

function packagesKey() {
  const hash = createHash('sha256').update(readFileSync(lockfile))
  return hash.update(process.platform + process.arch).digest('hex')
}

const isCurrent = (stamp, key) => existsSync(stamp) && readFileSync(stamp, 'utf8') === key

function installPackages() {
  const key = packagesKey()
  if (isCurrent(packagesStamp, key) && existsSync(pinnedNode)) return
  withLock('packages', () => {
    if (isCurrent(packagesStamp, key) && existsSync(pinnedNode)) return
    say('installing packages (once, and again when the lockfile changes) …')
    const env = cleanEnvironment()
    const run = (...args) =>
      spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
      })
    let result = run('ci')
    if (result.error?.code === 'ENOENT') fail('npm was not found.', 'Install npm: it comes with Node from nodejs.org.')
    // A registry that lacks one platform's package makes `npm ci` refuse a lockfile that `npm install` accepts.
    if (result.status !== 0) result = run('install', '--no-save')
    if (result.status !== 0)
      fail('the packages could not be installed.', 'Read the lines of npm above: network, proxy or disk.')
    if (!existsSync(pinnedNode)) {
      fail(
        'the pinned Node is missing after the installation.',
        'Allow install scripts for the package "node" in your npm settings.',
      )
    }
    writeFileSync(packagesStamp, key)
  })
}

/** Folders and files whose content decides what the web app is, and what the scanner's child processes run. */
const webInputs = ['web', 'contract', 'sdk', 'kernel', 'openapi.json', 'package-lock.json']
const scannerInputs = ['scanner', 'kernel', 'scripts/bundle-scanner.ts', 'package-lock.json']

function keyOf(inputs) {
  const hash = createHash('sha256')
  const add = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) return
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'dist' && name !== 'node_modules') add(join(path, name))
    } else if (!path.endsWith('.test.ts')) {
      hash.update(relative(root, path)).update('\0').update(readFileSync(path))
    }
  }
  for (const input of inputs) add(join(root, input))
  return hash.digest('hex')
}

function buildWeb() {
  if (!existsSync(join(root, 'web', 'vite.config.ts'))) return
  const stamp = join(root, 'web', 'dist', '.modelhub-web')
  const key = keyOf(webInputs)
  if (isCurrent(stamp, key)) return
  withLock('web', () => {
    if (isCurrent(stamp, key)) return
    say('building the web app …')
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const result = spawnSync(pinnedNode, [vite, 'build', '--logLevel', 'warn'], {
      cwd: join(root, 'web'),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (result.status !== 0)
      fail('the web app could not be built.', 'Read the lines above; `npm run check` names the place.')
    writeFileSync(stamp, key)
  })
}

/** One file in the place of hundreds: a scan starts in a third of the time. Without it the code itself is run. */
function bundleScanner() {
  const folder = join(root, 'node_modules', '.cache', 'modelhub', 'scanner')
  const stamp = join(folder, '.modelhub-scanner')
  const began = new Date()
  const key = keyOf(scannerInputs)
  if (isCurrent(stamp, key)) {
    // The same code may be newer on the disk, as after a checkout; a bundle that is older than the code is not run.
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), began, began)
    return
  }
  withLock('scanner', () => {
    if (isCurrent(stamp, key)) return
    const program = join(root, 'scripts', 'bundle-scanner.ts')
    const result = spawnSync(pinnedNode, [program, folder, '--snapshot'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (result.status === 0) writeFileSync(stamp, key)
  })
}

installPackages()
bundleScanner()
if (process.argv.includes('--web')) buildWeb()
