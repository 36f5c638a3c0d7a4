import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'

const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer)
const padding = Buffer.alloc(200, 7)

/** A Paddle program with one block and these operators. */
function paddle(...types: string[]): Buffer {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
  const parent = Buffer.from([0x10, ...Array.from({ length: 9 }, () => 0xff), 1])
  const ops = types.map((type) => field(4, field(3, Buffer.from(type))))
  return field(1, Buffer.concat([Buffer.from([8, 0]), parent, ...ops]))
}

const lightgbm = (tree: string): string =>
  `tree\nversion=v4\nnum_class=1\nmax_feature_idx=1\nobjective=binary\n\nTree=0\n${tree}\n\nend of trees\n\nfeature_importances:\n`
const tree = 'num_leaves=3\nsplit_feature=0 1\nleft_child=1 -1\nright_child=-2 -3\nleaf_value=0.1 0.2 0.3'

test.each<[format: string, bytes: Buffer, rule: string]>([
  ['tensorrt', Buffer.concat([Buffer.from('ptrt'), u32(24, 0, 0), padding]), 'TRT-OPAQUE-001'],
  ['tensorrt', Buffer.concat([Buffer.from('ftrt'), u32(1, 0, 0), padding]), 'TRT-OPAQUE-001'],
  ['rknn', Buffer.concat([Buffer.from('RKNN\0\0\0\0'), u32(6, 0, 64, 0), padding]), 'RKNN-OPAQUE-001'],
  ['catboost', Buffer.concat([Buffer.from('CBM1'), u32(64, 16), padding]), 'CBM-OPAQUE-001'],
  ['xgboost-binary', Buffer.concat([Buffer.from('binf'), u32(0, 1), padding]), 'XGB-OPAQUE-001'],
  ['paddle', paddle('feed', 'conv2d', 'fetch'), 'PADDLE-OPAQUE-001'],
  ['lightgbm', Buffer.from(lightgbm(tree)), 'LGBM-OPAQUE-001'],
])('%s is recognized without its name and is never clean', (format, bytes, rule) => {
  const { facts, verdict, ids } = look(bytes)
  expect(facts.format).toBe(format)
  expect(ids).toContain(rule)
  expect(['review', 'incomplete']).toContain(verdict)
  for (let length = 18; length < bytes.length; length += 3)
    expect(look(bytes.subarray(0, length)).verdict).not.toBe('pass')
})

test('headers that do not fit', () => {
  expect(look(Buffer.concat([Buffer.from('CBM1'), u32(0xffffffff, 16), padding])).ids).toContain('CBM-BOUNDS-001')
  expect(look(Buffer.concat([Buffer.from('ptrt'), u32(1, 0)])).ids).toContain('TRT-BOUNDS-001')
  expect(look(Buffer.concat([Buffer.from('RKNN\0\0\0\0'), u32(1)])).ids).toContain('RKNN-BOUNDS-001')
})

test('operators of Paddle that call out are high', () => {
  expect(look(paddle('conv2d', 'py_func')).findings[0]).toMatchObject({ ruleId: 'PADDLE-OP-001', severity: 'high' })
})

test('trees whose references leave them', () => {
  expect(look(Buffer.from(lightgbm(tree))).ids).toEqual(['LGBM-OPAQUE-001'])
  for (const [good, bad] of [
    ['left_child=1 -1', 'left_child=9 -1'],
    ['left_child=1 -1', 'left_child=1 -9'],
    ['left_child=1 -1', 'left_child=1'],
    ['num_leaves=3', 'num_leaves=4'],
    ['num_leaves=3', 'num_leaves=-1'],
    ['leaf_value=0.1 0.2 0.3', 'leaf_value=0.1'],
  ] as const)
    expect(look(Buffer.from(lightgbm(tree.replace(good, bad)))).ids, bad).toContain('LGBM-BOUNDS-001')
  expect(look(Buffer.from(lightgbm(tree).replace('end of trees', ''))).ids).toContain('LGBM-BOUNDS-001')
})

test('parameters of Paddle are proven tensor by tensor', () => {
  const tensor = (dims: number[], data: Buffer): Buffer =>
    Buffer.concat([
      Buffer.alloc(16),
      u32(2 + dims.length * 2),
      Buffer.from([8, 5, ...dims.flatMap((size) => [0x10, size])]),
      data,
    ])
  const whole = Buffer.concat([tensor([2, 3], Buffer.alloc(24)), tensor([2], Buffer.alloc(8))])
  expect(look(whole)).toMatchObject({
    verdict: 'pass',
    facts: { format: 'paddle-parameters', coverage: { tensorBytes: 32 } },
  })
  expect(look(tensor([2, 3], Buffer.alloc(23))).ids).toContain('PADDLE-BOUNDS-002')
  expect(look(Buffer.concat([whole, Buffer.from('\x80\x04cos\nsystem\n', 'latin1')])).verdict).not.toBe('pass')
  expect(look(Buffer.from([1, 2, 3, 0]), 'model.pdiparams').ids).toContain('PADDLE-BOUNDS-002')
})

test.each([
  ['model.engine', 'TRT-OPAQUE-001'],
  ['model.rknn', 'RKNN-OPAQUE-001'],
  ['model.cbm', 'CBM-OPAQUE-001'],
  ['model.pdmodel', 'PADDLE-OPAQUE-001'],
])('bytes that nothing else claims are taken for what %s says', (path, rule) => {
  expect(look(Buffer.from([0xf7, 1, 0, 3, 0xff, 0xfe, 0, 9]), path).ids).toContain(rule)
})
