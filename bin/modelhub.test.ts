import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let root: string
let command: string
const source = readFileSync(new URL('./modelhub.ts', import.meta.url), 'utf8')

/** A packed product in miniature: its `cli/main.js` says how it was started. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modelhub-bin-'))
  const product = join(root, 'node_modules', 'modelhub')
  mkdirSync(join(product, 'dist', 'bin'), { recursive: true })
  mkdirSync(join(product, 'dist', 'cli'))
  writeFileSync(join(product, 'package.json'), '{"name":"modelhub","type":"module"}')
  writeFileSync(join(product, 'dist', 'bin', 'modelhub.js'), stripTypeScriptTypes(source))
  writeFileSync(
    join(product, 'dist', 'cli', 'main.js'),
    `if (process.argv[2] === 'wait') { process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000) }
     else process.exitCode = Number(process.argv[2])
     console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }))`,
  )
  mkdirSync(join(root, 'node_modules', '.bin'))
  command = join(root, 'node_modules', '.bin', 'modelhub')
  symlinkSync('../modelhub/dist/bin/modelhub.js', command)
  chmodSync(join(product, 'dist', 'bin', 'modelhub.js'), 0o755)
})
afterEach(() => rmSync(root, { recursive: true }))

function installPinnedNode(): void {
  const folder = join(root, 'node_modules', 'node', 'bin')
  mkdirSync(folder, { recursive: true })
  symlinkSync(process.execPath, join(folder, 'node'))
}

/** Without execve, as on Node 20: a preload takes it away. */
function withoutExecve(): string[] {
  const preload = join(root, 'no-execve.cjs')
  writeFileSync(preload, 'process.execve = undefined')
  return ['--require', preload]
}

describe('the command of the packed product', () => {
  test.each([
    ['becoming the pinned Node', () => []],
    ['standing in front of it', withoutExecve],
  ])('%s: passes arguments and exit code, says nothing of its own', (_name, flags) => {
    installPinnedNode()
    const run = spawnSync(process.execPath, [...flags(), command, '5', '--flag', 'a b'], { encoding: 'utf8' })
    expect(run).toMatchObject({ status: 5, stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject({ args: ['5', '--flag', 'a b'] })
  })

  test.each([
    ['becoming the pinned Node', () => []],
    ['standing in front of it', withoutExecve],
  ])('%s: a signal arrives and no process is left', async (_name, flags) => {
    installPinnedNode()
    const child = spawn(process.execPath, [...flags(), command, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [chunk] = await once(child.stdout, 'data')
    const inner = (JSON.parse(String(chunk)) as { pid: number }).pid
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    expect(code).toBe(7)
    expect(() => process.kill(inner, 0)).toThrow('ESRCH')
  })

  test('without the pinned Node it says what to do', () => {
    const run = spawnSync(process.execPath, [command, 'version'], { encoding: 'utf8' })
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('allow install scripts')
  })

  test('uses only what Node 20 knows', () => {
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name)
    expect(imports).toEqual(['node:child_process', 'node:fs', 'node:path', 'node:url'])
  })
})
