import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { ggufBytes, plainMetadata } from '../testing/gguf-bytes.ts'
import { look } from '../testing/look.ts'
import { judgeRepository, type RepositoryFile } from './judge-repository.ts'

const file = (path: string, content: string | Buffer): RepositoryFile => ({
  path,
  facts: look(Buffer.from(content), path).facts,
})
const judged = (...files: RepositoryFile[]): string[] =>
  judgeRepository(files).map((finding) => `${finding.path} ${finding.ruleId}`)

test('missing shards, beside the index', () => {
  const index = file('a/model.safetensors.index.json', '{"weight_map":{"x":"m-1.safetensors","y":"m-2.safetensors"}}')
  expect(judged(index, file('a/m-1.safetensors', 'x'), file('m-2.safetensors', 'x'))).toEqual([
    'a/model.safetensors.index.json REPO-SHARD-001',
  ])
})

test('Python on the loading path', () => {
  const config = file(
    'config.json',
    '{"auto_map":{"AutoModel":"modeling_x.X","AutoConfig":"other/repo--configuration.C"}}',
  )
  const files = [
    config,
    file('modeling_x.py', 'import os\n'),
    file('train.py', 'import os\n'),
    file('handler.py', 'import os\n'),
  ]
  expect(judged(...files)).toEqual(['modeling_x.py REPO-LOAD-001', 'handler.py REPO-LOAD-002'])
})

test('Python on the loading path is high once it runs code, also behind an import', () => {
  const config = file('a/config.json', '{"text_config":{"auto_map":{"AutoModel":"modeling_x.X"}}}')
  const files = [
    config,
    file('a/modeling_x.py', 'from .helper import f\n'),
    file('a/helper.py', 'import subprocess\ndef f():\n  subprocess.run(["id"])\n'),
    file('a/other.py', 'import subprocess\ndef f():\n  subprocess.run(["id"])\n'),
    file('handler.py', 'class H:\n  def __init__(self, p): __import__("os").system("id")\n'),
    file('m/1/model.py', 'import os\n'),
  ]
  expect(judged(...files)).toEqual([
    'a/modeling_x.py REPO-LOAD-001',
    'handler.py REPO-LOAD-002',
    'handler.py REPO-LOAD-003',
    'm/1/model.py REPO-LOAD-002',
    'a/helper.py REPO-LOAD-001',
    'a/helper.py REPO-LOAD-003',
  ])
})

test('components and classes of a pipeline that stand in the model', () => {
  const index = file(
    'model_index.json',
    '{"_class_name":["my_pipeline","MyPipeline"],"unet":["custom_unet","Net"],"vae":["diffusers","AutoencoderKL"],"x":[null,null]}',
  )
  expect(judged(index, file('my_pipeline.py', 'x = 1\n'), file('unet/custom_unet.py', 'x = 1\n'))).toEqual([
    'my_pipeline.py REPO-LOAD-001',
    'unet/custom_unet.py REPO-LOAD-001',
  ])
})

test('parts of a split GGUF', () => {
  const part = (number: number, of: number): RepositoryFile =>
    file(
      `m-0000${number}-of-0000${of}.gguf`,
      ggufBytes({
        metadata: [
          ...plainMetadata(),
          ['split.no', { type: 'u32', value: number - 1 }],
          ['split.count', { type: 'u32', value: 3 }],
        ],
      }),
    )
  expect(judged(part(1, 3), part(2, 3), part(3, 3))).toEqual([])
  expect(judged(part(1, 3), part(3, 3))).toEqual(['m-00001-of-00003.gguf REPO-SPLIT-001'])
  expect(judged(part(1, 2), part(2, 2))).toHaveLength(2)
})
