import { Buffer } from 'node:buffer'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { archiveHeaderOf } from '../archive/header-of.ts'
import { judge } from '../judge.ts'
import { createScannerPool, type ScannerPool } from '../pool.ts'
import { stateDictPickle, torchMember } from '../testing/torch-bytes.ts'
import { extraField, type ZipEntry, zipBytes } from '../testing/zip-bytes.ts'

// In real children with their memory and time limits: what is too large to hold must not end them.
let folder: string
let pool: ScannerPool
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelhub-zip-'))
  // The machine that runs the tests may be busy; memory is what is tried here.
  pool = createScannerPool({ size: 1, limits: { deadlineBaseMs: 90_000 } })
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

async function inspected(name: string, bytes: Buffer, holeAt?: number, hole?: number) {
  const path = join(folder, name)
  if (holeAt === undefined || hole === undefined) writeFileSync(path, bytes)
  else {
    const file = openSync(path, 'w')
    ftruncateSync(file, bytes.length + hole)
    writeSync(file, bytes, 0, holeAt, 0)
    writeSync(file, bytes, holeAt, bytes.length - holeAt, holeAt + hole)
    closeSync(file)
  }
  const started = performance.now()
  const { facts } = await pool.inspect({ path, name })
  process.stdout.write(`${name}: ${facts.size} bytes, ${Math.round(performance.now() - started)} ms\n`)
  expect(facts.observations.filter(({ code }) => code === 'scan.incomplete')).toEqual([])
  return { facts, ...judge(facts, { path: name }) }
}

test('100,000 members', async () => {
  const entries = Array.from({ length: 100_000 }, (_none, i): ZipEntry => ({ name: `d/${i}.txt`, data: `text ${i}\n` }))
  const { facts, verdict } = await inspected('many.zip', zipBytes(entries, { zip64: true }))
  expect(verdict).toBe('pass')
  expect(archiveHeaderOf(facts)?.memberCount).toBe(100_000)
  expect(JSON.stringify(facts).length).toBeLessThan(200_000)
}, 180_000)

test('more members than are read', async () => {
  const entries = Array.from({ length: 130_000 }, (_none, i): ZipEntry => ({ name: `${i}` }))
  const { findings, verdict } = await inspected('more.zip', zipBytes(entries, { zip64: true }))
  expect(verdict).toBe('incomplete')
  expect(findings.map(({ ruleId }) => ruleId)).toContain('ARC-BOMB-003')
}, 180_000)

const twenty = 20 * 2 ** 30
const wide = (size: number): Buffer => {
  const sizes = Buffer.alloc(16)
  sizes.writeBigUInt64LE(BigInt(size), 0)
  sizes.writeBigUInt64LE(BigInt(size), 8)
  return extraField(1, sizes)
}
const large = { packed: 0xffffffff, size: 0xffffffff, crc: 0 }

/** An archive whose first member is a hole of 20 GiB. Places behind it have to be moved. */
function sparse(name: string, rest: readonly ZipEntry[]): { bytes: Buffer; holeAt: number } {
  const bytes = zipBytes([...rest, { name, extra: wide(twenty), local: large, central: large }], { zip64: true })
  const directory = bytes.indexOf('PK\x01\x02', 0, 'latin1')
  const end = bytes.lastIndexOf('PK\x06\x06', undefined, 'latin1')
  bytes.writeBigUInt64LE(BigInt(directory + twenty), end + 48)
  bytes.writeBigUInt64LE(BigInt(end + twenty), end + 56 + 8)
  return { bytes, holeAt: directory }
}

test('a sparse member of 20 GiB that nothing explains', async () => {
  const { bytes, holeAt } = sparse('weights.bin', [])
  const { facts, verdict } = await inspected('sparse.zip', bytes, holeAt, twenty)
  expect(facts.coverage.unaccountedBytes).toBe(twenty)
  expect(verdict).toBe('incomplete')
}, 180_000)

test('a sparse tensor of 20 GiB', async () => {
  const pickle = stateDictPickle([{ name: 'w', key: '0', elements: twenty / 16, storage: 'ComplexDoubleStorage' }])
  const { bytes, holeAt } = sparse('archive/data/0', [torchMember('data.pkl', pickle)])
  const { facts, verdict, findings } = await inspected('sparse.pt', bytes, holeAt, twenty)
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(facts.coverage.tensorBytes).toBe(twenty)
}, 180_000)
