import { Buffer } from 'node:buffer'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { inspect, readerOf, scanPaths } from '../../scanner/index.ts'
import { externalTensor, onnxBytes } from '../../scanner/testing/onnx-bytes.ts'
import { bundleIndexBytes } from '../../scanner/testing/tensorflow-bundle-bytes.ts'
import { graphBytes, plainNodes, savedModelBytes } from '../../scanner/testing/tensorflow-bytes.ts'
import { judgeFiles } from '../../server/modules/verification/index.ts'
import { temporaryFolder } from '../support/index.ts'

const weights = (length: number): Buffer => Buffer.alloc(length, Uint8Array.of(0xc3, 0x8f, 0x91, 0xbe))
const kernel = { name: 'dense/kernel', shape: [2, 2], offset: 0, size: 16 }
const repository: Record<string, Buffer> = {
  'tf/saved_model.pb': savedModelBytes(graphBytes(plainNodes)),
  'tf/variables/variables.index': bundleIndexBytes([kernel]),
  'tf/variables/variables.data-00000-of-00001': weights(16),
  'onnx/model.onnx': onnxBytes({ tensors: [externalTensor('model.onnx_data')] }),
  'onnx/model.onnx_data': weights(8),
  'onnx/short.onnx': onnxBytes({ tensors: [externalTensor('short.data')] }),
  'onnx/short.data': weights(12),
  'README.md': Buffer.from('# A model\n'),
}

test('a version and `modelhub scan` come to the same verdicts, also on weights that other files account for', async () => {
  const { path: folder, remove } = temporaryFolder('judge-files')
  onTestFinished(remove)
  for (const [path, bytes] of Object.entries(repository)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  const files = Object.entries(repository).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    facts: inspect(readerOf(bytes), { path }),
    isolation: [],
  }))
  const judged = await judgeFiles({ id: 'ver_1', projectId: 'prj_1' }, files)
  const report = await scanPaths([folder])

  const verdicts = Object.fromEntries(judged.files.map(({ path, verdict }) => [path, verdict]))
  expect(Object.fromEntries(report.files.map(({ path, verdict }) => [path, verdict]))).toEqual(verdicts)
  expect(verdicts).toMatchObject({
    'tf/variables/variables.data-00000-of-00001': 'pass',
    'onnx/model.onnx_data': 'pass',
    'onnx/short.data': 'incomplete',
  })
  expect(judged.files.find(({ path }) => path === 'onnx/model.onnx_data')?.format_title).toBe('Weights of model.onnx')
  expect(judged.scan).toMatchObject({ files_examined: files.length - 1, verdict: 'incomplete' })
  expect(judged.scan.bytes_total - judged.scan.bytes_examined).toBe(12)
  expect(judged.scan.skipped).toMatchObject([{ reason: 'unknown_format', paths: ['onnx/short.data'] }])
}, 60_000)
