import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { File, type Group, ready } from 'h5wasm/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hdf5Bytes } from '../testing/hdf5-bytes.ts'
import { look } from '../testing/look.ts'
import { lambdaKeras, plainLegacyKeras } from '../testing/samples/keras-values.ts'
import type { Hdf5Header } from './types.ts'

let folder = ''
beforeAll(async () => {
  await ready
  folder = mkdtempSync(join(tmpdir(), 'hdf5-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
/** The bytes of a file that the library of the format itself wrote. */
function written(version: string, build: (file: Group) => void): Uint8Array {
  const path = join(folder, `${made++}.h5`)
  const file = new File(path, 'w', { libver: version } as never)
  build(file)
  file.flush()
  file.close()
  return readFileSync(path)
}

describe.each(['v18', 'v108', 'v110', 'latest'].filter((version) => version !== 'v18'))('written as %s', (version) => {
  test('a Keras model with many groups: every byte is accounted for', () => {
    const bytes = written(version, (file) => {
      file.create_attribute('model_config', JSON.stringify(plainLegacyKeras))
      file.create_attribute('keras_version', '2.15.0')
      file.create_attribute('backend', 'tensorflow')
      const weights = file.create_group('model_weights')
      weights.create_attribute('layer_names', ['dense', 'dense_1'])
      for (let i = 0; i < 30; i++) {
        const layer = weights.create_group(`dense_${i}`)
        layer.create_dataset({ name: 'kernel:0', data: new Float32Array(300).fill(1.5), shape: [30, 10], dtype: '<f4' })
        layer.create_dataset({ name: 'bias:0', data: new Float32Array(10).fill(1.5), dtype: '<f4' })
      }
    })
    const { facts, verdict, findings } = look(bytes, 'm.h5')
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
    expect(facts.coverage).toMatchObject({ tensorBytes: 30 * 1240, unaccountedBytes: 0 })
    expect(facts.header as Hdf5Header).toMatchObject({
      datasets: 60,
      objects: 92,
      hasModelConfig: true,
      kerasVersion: '2.15.0',
      backend: 'tensorflow',
    })
  })

  test('groups and attributes in the dense form, as Keras 3 writes variables', () => {
    const bytes = written(version, (file) => {
      const group = file.create_group('vars', true)
      for (let i = 0; i < 60; i++) group.create_dataset({ name: String(i), data: new Float32Array(10).fill(2) })
      for (let i = 0; i < 20; i++) group.create_attribute(`a${i}`, `x${i}`)
    })
    const { facts, verdict } = look(bytes, 'm.weights.h5')
    expect(verdict).toBe('pass')
    expect(facts.header as Hdf5Header).toMatchObject({ datasets: 60 })
  })

  test('chunks of a fixed shape, plain and packed, few and in many pages', () => {
    const data = Float32Array.from({ length: 6000 }, (_none, i) => Math.sin(i))
    const bytes = written(version, (file) => {
      const add = (name: string, chunks: number[], more: object = {}): unknown =>
        (file as { create_dataset: (args: object) => unknown }).create_dataset({
          ...more,
          name,
          data,
          shape: [60, 100],
          chunks,
          dtype: '<f4',
        })
      add('one', [60, 100])
      add('few', [20, 50])
      add('packed', [20, 50], { compression: 'gzip' })
      add('pages', [1, 2])
      add('packed pages', [1, 2], { compression: 'gzip' })
    })
    const { facts, verdict, findings } = look(bytes, 'm.h5')
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
    expect(facts.coverage.tensorBytes).toBeGreaterThan(3 * 24_000)
    expect(facts.coverage.unaccountedBytes).toBe(0)
    const at = Buffer.from(bytes).indexOf('FADB')
    // The older version has a tree of them.
    expect(at > 0).toBe(version !== 'v108')
    if (at < 0) return
    const broken = Uint8Array.from(bytes)
    // An address of a chunk beyond the file.
    broken.fill(0x7e, at + 14, at + 20)
    expect(look(broken, 'm.h5').verdict).not.toBe('pass')
  })

  test('a Lambda layer is found in short and in dense attributes', () => {
    for (const others of [0, 20]) {
      const bytes = written(version, (file) => {
        for (let i = 0; i < others; i++) file.create_attribute(`a${i}`, `x${i}`)
        file.create_attribute('model_config', JSON.stringify(lambdaKeras))
      })
      expect(look(bytes, 'm.h5').ids).toContain('KERAS-LAMBDA-001')
    }
  })

  test('links to other files, wherever the name points', () => {
    const bytes = written(version, (file) => {
      file.create_soft_link('/a', 'b')
      file.create_external_link('../../etc/secret.h5', '/x', 'link')
    })
    const { findings } = look(bytes, 'm.h5')
    expect(findings).toMatchObject([{ ruleId: 'HDF5-LINK-001', severity: 'high', evidence: '../../etc/secret.h5' }])
  })
})

test('chunked and compressed values of the older form', () => {
  const bytes = written('v108', (file) => {
    const data = new Float32Array(30_000).map((_none, i) => Math.sin(i))
    file.create_dataset({
      name: 'k',
      data,
      shape: [300, 100],
      dtype: '<f4',
      chunks: [30, 100],
      compression: 'gzip',
      compression_opts: 4,
    })
    file.create_dataset({ name: 'e', data, shape: [300, 100], maxshape: [null, 100], dtype: '<f4', chunks: [30, 100] })
    file.create_dataset({ name: 's', data: ['abc', 'def'] })
  })
  const { facts, verdict } = look(bytes, 'm.h5')
  expect(verdict).toBe('pass')
  expect(facts.coverage.tensorBytes).toBeGreaterThan(120_000)
})

test('chunks of the newer indexes are not read, and not silently', () => {
  const bytes = written('latest', (file) => {
    file.create_dataset({
      name: 'e',
      data: new Float32Array(3000).fill(1),
      shape: [300, 10],
      maxshape: [null, 10],
      dtype: '<f4',
      chunks: [30, 10],
    })
  })
  const { verdict, ids } = look(bytes, 'm.h5')
  expect(verdict).toBe('incomplete')
  expect(ids).toContain('HDF5-STRUCT-002')
})

test('the oldest form, which h5py writes by default', () => {
  const bytes = hdf5Bytes({
    attributes: [['keras_version', '2.15.0']],
    heapAttributes: [['model_config', JSON.stringify(plainLegacyKeras)]],
    dataset: { values: 100 },
  })
  const { facts, verdict } = look(bytes, 'm.h5')
  expect(verdict).toBe('pass')
  expect(facts.header).toMatchObject({
    superblockVersion: 0,
    datasets: 1,
    hasModelConfig: true,
    kerasVersion: '2.15.0',
  })
  expect(facts.coverage).toMatchObject({ tensorBytes: 400, unaccountedBytes: 0 })
})

test('a file cut short says so', () => {
  const { ids, verdict } = look(hdf5Bytes({ dataset: { values: 100 } }).subarray(0, 1000), 'm.h5')
  expect(verdict).toBe('incomplete')
  expect(ids).toContain('HDF5-BOUNDS-001')
})

test('a heap that holds less than it says is not accounted for', () => {
  const bytes = Buffer.from(
    written('v108', (file) => {
      const group = file.create_group('vars', true)
      for (let i = 0; i < 60; i++) group.create_dataset({ name: String(i), data: new Float32Array(10).fill(2) })
    }),
  )
  // The number of entries, behind the settings of the heap and six lengths and addresses.
  const count = bytes.indexOf('FRHP') + 70
  expect(bytes.readUInt32LE(count)).toBe(60)
  bytes.writeUInt32LE(61, count)
  const { verdict, ids } = look(bytes, 'm.weights.h5')
  expect(verdict).not.toBe('pass')
  expect(ids).toContain('HDF5-STRUCT-001')
})

test('structures that lie over one another cost no more than a few readings of the file', () => {
  const bytes = hdf5Bytes({ dataset: { values: 4 } })
  const nodes = 20_000
  const end = bytes.length
  const chain = Buffer.alloc(nodes * 48)
  for (let i = 0; i < nodes; i++) {
    chain.write('TREE', i * 48)
    chain.writeUInt16LE(1, i * 48 + 6)
    chain.writeBigUInt64LE(BigInt(end + (i + 1) * 48), i * 48 + 32)
  }
  // Nodes of a group are as large as the file says, here far larger than the distance between them.
  bytes.writeUInt16LE(65_535, 18)
  bytes.writeBigUInt64LE(BigInt(end + chain.length), 40)
  const message = bytes.lastIndexOf(Buffer.from([0x11, 0, 16, 0]))
  bytes.writeBigUInt64LE(BigInt(end), message + 8)
  const started = performance.now()
  const { findings } = look(Buffer.concat([bytes, chain]), 'm.h5')
  expect(performance.now() - started).toBeLessThan(5000)
  expect(findings.some(({ message: text }) => text.includes('too many structures'))).toBe(true)
})
