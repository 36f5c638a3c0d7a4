// Everything a commit must pass besides the tests, two steps at a time; prints what failed and how long each step took.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = process.execPath
const bin = (path: string) => join(root, 'node_modules', path)
const tsc = [node, bin('typescript7/bin/tsc'), '--noEmit', '-p']

const steps: { name: string; command: string[] }[] = [
  {
    name: 'lockfile installs',
    command: ['npm', 'ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
  },
  { name: 'types', command: [...tsc, 'tsconfig.json'] },
  { name: 'types, browser-safe', command: [...tsc, 'tsconfig.browser.json'] },
  { name: 'types, web', command: [...tsc, 'web/tsconfig.json'] },
  { name: 'lint', command: [bin('.bin/oxlint'), '--type-aware', '--deny-warnings', '.'] },
  { name: 'format', command: [bin('.bin/biome'), 'check', '.'] },
  { name: 'boundaries', command: [node, 'scripts/boundaries.ts'] },
  { name: 'unused', command: [bin('.bin/knip'), '--no-progress'] },
  { name: 'openapi.json', command: [node, 'scripts/openapi.ts', '--check'] },
]

type Result = { name: string; ok: boolean; seconds: number; output: string }

function run(step: (typeof steps)[number]): Promise<Result> {
  const started = performance.now()
  const [command = '', ...args] = step.command
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const finish = (ok: boolean) =>
      resolve({ name: step.name, ok, seconds: (performance.now() - started) / 1_000, output })
    child.once('error', (error) => {
      output += error.message
      finish(false)
    })
    child.once('close', (code) => finish(code === 0))
  })
}

const queue = [...steps]
const results: Result[] = []
const worker = async () => {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const result = await run(step)
    results.push(result)
    console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} (${result.seconds.toFixed(1)} s)`)
    if (!result.ok) console.log(result.output)
  }
}
await Promise.all([worker(), worker()])
const failed = results.filter((result) => !result.ok)
console.log(
  failed.length === 0 ? 'check: everything holds' : `check: ${failed.map((result) => result.name).join(', ')} failed`,
)
process.exitCode = failed.length === 0 ? 0 : 1
