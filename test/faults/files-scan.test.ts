import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type ScanReport, scanPaths } from '../../scanner/index.ts'
import { plainGguf } from '../../scanner/testing/gguf-bytes.ts'
import { node, root } from '../e2e/support/hub.ts'
import { figure } from '../e2e/support/work.ts'
import { temporaryFolder } from '../support/index.ts'
import { amount, seededFor } from './support/plan.ts'

const base = temporaryFolder('scan')
afterAll(() => void execFileSync('rm', ['-rf', base.path]))
let made = 0
const folder = () => {
  const path = join(base.path, `s${(made += 1)}`)
  mkdirSync(path)
  return path
}

function scan(...args: string[]): Promise<{ code: number | null; out: string; seconds: number }> {
  const began = performance.now()
  const child = spawn(node, [`${root}cli/main.ts`, 'scan', ...args], {
    cwd: base.path,
    env: { PATH: process.env['PATH'] ?? '', HOME: base.path },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, out, seconds: (performance.now() - began) / 1_000 })),
  )
}

test('hostile names steer no terminal, and come back letter by letter as JSON and SARIF', async () => {
  const path = folder()
  const names = [
    '\u202Enosj.exe',
    'bell\u0007.txt',
    'escape\u001b]0;owned\u0007\u001b[2J.txt',
    'new\nline.txt',
    '-rf',
    '🙂 模型 "quoted".txt',
    'c1\u009b31m.txt',
    'separator\u2028.txt',
  ]
  for (const name of names) writeFileSync(join(path, name), 'text\n')
  symlinkSync('\u001b[31m/etc/passwd', join(path, 'link'))
  const steering = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u
  const [text, json, sarif] = await Promise.all([
    scan(path),
    scan(path, '--format', 'json'),
    scan(path, '--format', 'sarif'),
  ])
  for (const { out, code } of [text, json, sarif]) {
    expect(code).toBe(2)
    expect(steering.exec(out.replaceAll('\n', ''))?.[0]).toBeUndefined()
  }
  // A line of the report for each file, its findings, and the count: no name makes a line of its own.
  expect(text.out.split('\n').filter((line) => /^(pass|incomplete) /.test(line))).toHaveLength(names.length + 1)
  const report = JSON.parse(json.out) as ScanReport
  const byName = (a: string, b: string) => (a < b ? -1 : 1)
  expect(report.files.map((file) => file.path)).toEqual([...names, 'link'].sort(byName))
  const { runs } = JSON.parse(sarif.out) as { runs: { artifacts: { location: { uri: string } }[] }[] }
  expect(runs[0]?.artifacts.map(({ location }) => decodeURIComponent(location.uri))).toEqual(
    [...names, 'link'].sort(byName),
  )
})

test('a name that is no UTF-8 is not taken for another file that it looks like', async () => {
  const path = folder()
  writeFileSync(join(path, 'a-\ufffd.txt'), 'harmless\n')
  for (const last of [0xfe, 0xff])
    writeFileSync(Buffer.concat([Buffer.from(`${path}/a-`), Buffer.from([last]), Buffer.from('.txt')]), 'x')
  const report = await scanPaths([path])
  expect(report.verdict).toBe('incomplete')
  expect(report.files.map(({ verdict }) => verdict)).toContain('pass')
  expect(report.files.find(({ verdict }) => verdict === 'incomplete')?.findings[0]?.message).toContain('not UTF-8')
})

test('1 TB of holes and folders without end are over soon, and never as clean', async () => {
  const path = folder()
  writeFileSync(join(path, 'model.gguf'), plainGguf())
  truncateSync(join(path, 'model.gguf'), 2 ** 40)
  const hollow = await scan(path, '--format', 'json')
  expect((JSON.parse(hollow.out) as ScanReport).files[0]).toMatchObject({ verdict: 'incomplete', sha256: '' })
  expect([1, 2]).toContain(hollow.code)
  // Beyond what one path may name, which are 2,048 folders of one letter.
  const depth = amount({ slice: 3_000, full: 10_000 })
  const deep = folder()
  execFileSync('mkdir', ['-p', 'd/'.repeat(depth)], { cwd: deep })
  const nested = await scan(deep)
  expect(nested.out).toMatch(/path too long/)
  expect([1, 2]).toContain(nested.code)
  figure(
    `modelhub scan: 1 TB of holes ${hollow.seconds.toFixed(1)} s, ${depth} folders deep ${nested.seconds.toFixed(1)} s`,
  )
}, 90_000)

test('a file that is rewritten during the scan is never reported as clean with the digest of other bytes', async () => {
  const random = seededFor('rewritten during the scan')
  const path = join(folder(), 'chat_template.jinja')
  const good = '{{ messages[0].content }}\n'
  const bad = "{{ ''.__class__.__mro__}}\n"
  expect(bad).toHaveLength(good.length)
  const rounds = amount({ slice: 5, full: 100 })
  let over = false
  const attack = (async () => {
    while (!over) {
      writeFileSync(path, random() < 0.5 ? good : bad, { flag: 'w' })
      await sleep(random() * 150)
    }
  })()
  const clean = await digestOf(good)
  const ends: Record<string, number> = {}
  for (let round = 0; round < rounds; round++) {
    const [file] = (await scanPaths([path])).files
    ends[file?.verdict ?? ''] = (ends[file?.verdict ?? ''] ?? 0) + 1
    if (file?.verdict === 'pass') expect(file.sha256).toBe(clean)
  }
  over = true
  await attack
  figure(`${rounds} scans beside rewriting: ${JSON.stringify(ends)}`)
}, 120_000)

async function digestOf(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex')
}
