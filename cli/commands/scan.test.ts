import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../testing/test-context.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelhub-scan-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('modelhub scan', () => {
  test('a clean file is exit 0; the JSON is the documented report', async () => {
    writeFileSync(join(folder, 'config.json'), '{"model_type":"llama"}')
    const run = await runCommand(['scan', folder, '--format', 'json'])
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(run.out)).toMatchObject({ verdict: 'pass', files: [{ path: 'config.json', size: 22 }] })
  })

  test('a GGUF whose header lies is exit 1 and names the rule; below the threshold it is not', async () => {
    const lie = Buffer.alloc(24)
    lie.write('GGUF')
    lie.writeUInt32LE(3, 4)
    lie.writeBigUInt64LE(1n, 8)
    lie.writeBigUInt64LE(2n ** 62n, 16)
    writeFileSync(join(folder, 'lie.gguf'), lie)
    const run = await runCommand(['scan', join(folder, 'lie.gguf'), '--json'])
    const report = JSON.parse(run.out) as { files: { findings: { ruleId: string }[] }[] }
    expect(run.code).toBeGreaterThan(0)
    expect(report.files[0]?.findings[0]?.ruleId).toMatch(/^GGUF-/)
  })

  test('what nobody can read in full is exit 2', async () => {
    writeFileSync(join(folder, 'odd.bin'), Buffer.from([1, 2, 3, 250, 251]))
    expect((await runCommand(['scan', folder])).code).toBe(2)
  })

  test.each([
    [['scan']],
    [['scan', '/no/such/file']],
    [['scan', '.', '--format', 'xml']],
    [['scan', '.', '--fail-on', 'bad']],
  ])('%j is wrong use: exit 3', async (argv) => {
    expect((await runCommand(argv)).code).toBe(3)
  })
})
