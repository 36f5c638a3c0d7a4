import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import type { InspectContext } from '../define-format.ts'
import { inspect } from '../inspect.ts'
import { judge } from '../judge.ts'
import { createBudget } from '../nested/budget.ts'
import { createReader, readerOf } from '../reader.ts'
import { look } from '../testing/look.ts'
import * as p from '../testing/pickle-bytes.ts'
import { inspectPickle } from './inspect.ts'
import type { PickleFound } from './storages.ts'

const run = p.join(p.byName('posix', 'system'), p.text('echo inert'), p.tuple1, p.reduce)

describe('what a finding says', () => {
  test('names the callable, what it does, the opcode, the arguments and the place', () => {
    const [finding] = look(p.pickle(4, run)).findings
    expect(finding).toMatchObject({
      ruleId: 'PKL-CALL-001',
      severity: 'critical',
      evidence: "('echo inert')",
      offset: 40,
    })
    expect(finding?.message).toMatch(/posix\.system, called by REDUCE; it reaches the operating system/)
  })

  test('the same call many times is one finding with a count', () => {
    const { findings } = look(p.pickle(4, ...Array.from({ length: 50 }, () => p.join(run, p.pop)), p.none))
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toContain('50 times')
  })

  test('thousands of unknown names do not crowd out a denied one, nor grow the facts', () => {
    const noise = Array.from({ length: 30_000 }, (_none, i) =>
      p.join(p.global(`m${i}`, 'f'), p.emptyTuple, p.reduce, p.pop),
    )
    const { facts, ids } = look(p.pickle(2, Buffer.concat(noise), run, p.pop, p.none))
    // Beyond the names that are kept, a call is of an unknown name, and the file is not complete.
    expect(ids).toContain('PKL-CALL-002')
    expect(ids).toContain('PKL-OPAQUE-002')
    expect(ids).toContain('SCAN-LIMIT-001')
    expect(JSON.stringify(facts).length).toBeLessThan(200_000)
  })

  test('names of Python 2 are shown with what Python 3 makes of them', () => {
    const { findings } = look(p.pickle(2, p.global('__builtin__', 'execfile'), p.text('a'), p.tuple1, p.reduce))
    expect(findings[0]?.message).toContain('__builtin__.execfile (builtins.execfile in Python 3)')
  })
})

test('stored facts are judged by the lists of today', () => {
  const { facts } = look(p.pickle(2, p.global('collections', 'OrderedDict'), p.emptyTuple, p.reduce))
  expect(judge(facts).verdict).toBe('pass')
  const [uses] = facts.observations
  expect(uses).toMatchObject({ code: 'pickle.uses', data: { uses: ['collections OrderedDict import+call'] } })
  // As if OrderedDict had been another name when the file was inspected.
  const older = { ...facts, observations: [{ code: 'pickle.uses', data: { uses: ['collections Gone import+call'] } }] }
  expect(judge(older)).toMatchObject({ verdict: 'review', findings: [{ ruleId: 'PKL-GLOBAL-003', severity: 'high' }] })
  const data = { module: 'collections', name: 'OrderedDict', action: 'call', opcode: 'REDUCE' }
  const allowedSince = { ...facts, observations: [{ code: 'pickle.call-unlisted', data }] }
  expect(judge(allowedSince).verdict).toBe('pass')
  const deniedSince = {
    ...facts,
    observations: [{ code: 'pickle.call-unlisted', data: { ...data, module: 'os', name: 'x' } }],
  }
  expect(judge(deniedSince).verdict).toBe('block')
})

test('the header tells protocol, streams, imports and what was done with them', () => {
  const { facts } = look(p.join(p.pickle(4, run), p.pickle(2, p.numpyArray([1]))))
  expect(facts.header).toMatchObject({ kind: 'pickle', protocol: 4, streams: 2, storages: 0, arrays: 0 })
  expect((facts.header as unknown as { imports: unknown[] }).imports.slice(0, 2)).toEqual([
    { module: 'posix', name: 'system', offset: 23, actions: ['import', 'call'] },
    expect.objectContaining({ module: 'numpy.core.multiarray', name: '_reconstruct' }),
  ])
})

test('the container learns which tensor storages a pickle refers to', () => {
  const bytes = p.pickle(
    2,
    p.emptyDict,
    p.mark,
    p.text('a'),
    p.torchTensor('0', 6),
    p.text('b'),
    p.torchTensor('1', 3, 'BFloat16Storage'),
    p.setItems,
  )
  const context: InspectContext = {
    reader: readerOf(bytes),
    offset: 0,
    length: bytes.length,
    path: '',
    observe: () => undefined,
    cover: () => undefined,
    budget: createBudget(bytes.length),
    alreadyInspected: () => false,
    nested: () => {
      throw new Error('nothing is nested')
    },
  }
  const { found } = inspectPickle(context)
  expect(found).toEqual({
    kind: 'pickle',
    storages: [
      { key: '0', dtype: 'float32', elements: 6, device: 'cpu' },
      { key: '1', dtype: 'bfloat16', elements: 3, device: 'cpu' },
    ],
    end: bytes.length,
  } satisfies PickleFound)
})

describe('arrays that joblib writes into the stream', () => {
  test('are accounted for as tensors, not read as opcodes', () => {
    const { facts, verdict } = look(p.pickle(4, p.joblibArray('f8', 1000, Buffer.alloc(8000, 0x63))))
    expect(verdict).toBe('pass')
    expect(facts.coverage).toMatchObject({ tensorBytes: 8000, unaccountedBytes: 0 })
  })

  test('that shift what a plain unpickler reads behind them are told', () => {
    // To joblib one byte and a text; to any other unpickler a text of 88 bytes, and then opcodes.
    const hidden = p.join('x'.repeat(84), p.global('posix', 'system'), p.emptyTuple, p.reduce, '.')
    const bytes = p.pickle(4, p.joblibArray('u1', 1, Buffer.from('U')), p.text(hidden.toString('latin1')), p.tuple2)
    expect(look(bytes).ids).toEqual(['PKL-NESTED-002'])
    const harmless = p.text('x'.repeat(hidden.length))
    expect(look(p.pickle(4, p.joblibArray('u1', 1, Buffer.from('U')), harmless, p.tuple2)).ids).toEqual([])
  })

  test('that are shorter than their shape are not', () => {
    expect(look(p.pickle(4, p.joblibArray('f8', 1000, Buffer.alloc(700)))).verdict).toBe('incomplete')
  })
})

test('opcodes and constants are read alike wherever the window of the reader ends', () => {
  const words = Array.from({ length: 90_000 }, (_none, i) => p.join(p.text(`word ${i}`), p.join('r', p.u32(i))))
  const array = p.bytes(Buffer.alloc(1_500_000, 0x2e))
  for (let shift = 0; shift < 12; shift++) {
    const padding = p.bytes(Buffer.alloc(1_000_000 + shift))
    const bytes = p.pickle(
      2,
      padding,
      p.pop,
      p.emptyList,
      p.mark,
      Buffer.concat(words),
      array,
      p.appends,
      run,
      p.tuple2,
    )
    const { findings, facts } = look(bytes)
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['PKL-CALL-001'])
    expect(facts.coverage.unaccountedBytes).toBe(0)
  }
}, 60_000)

test('a state dict of a million small tuples stays small in memory', () => {
  // A list of 256 numbers, two million times: 8 M opcodes that only exist while they are read.
  const chunk = p.join(
    p.mark,
    ...Array.from({ length: 100_000 }, (_none, i) => p.join('K', String.fromCharCode(i % 256), '\x85')),
    p.appends,
  )
  const head = p.join('\x80\x02', p.emptyList)
  const size = head.length + chunk.length * 20 + 1
  const reader = createReader({
    size,
    readInto: (target, offset) => {
      for (let i = 0; i < target.length; i++) {
        const at = offset + i
        target[i] =
          at < head.length ? (head[at] ?? 0) : at === size - 1 ? 0x2e : (chunk[(at - head.length) % chunk.length] ?? 0)
      }
      return target.length
    },
  })
  const started = performance.now()
  const facts = inspect(reader)
  expect(judge(facts).verdict).toBe('pass')
  const opcodes = (facts.header as unknown as { opcodes: number }).opcodes
  process.stdout.write(`${opcodes} opcodes in ${Math.round(performance.now() - started)} ms\n`)
  expect(opcodes).toBe(2 + 20 * 200_002 + 1)
}, 60_000)

test.each([
  ['a billion marks', p.join('\x80\x04', '('.repeat(5_000_000), '.'), 'SCAN-LIMIT-001'],
  ['values without end', p.join('\x80\x04', 'N'.repeat(9_000_000), '.'), 'SCAN-LIMIT-001'],
  ['a hundred thousand streams', Buffer.from('\x80\x02N.'.repeat(100_001), 'latin1'), 'SCAN-LIMIT-001'],
])(
  '%s end at a limit and are not complete',
  (_name, bytes, rule) => {
    const { verdict, ids } = look(bytes)
    expect(verdict).toBe('incomplete')
    expect(ids).toContain(rule)
  },
  60_000,
)

test('pickles nested in one another end at a depth', () => {
  let bytes = p.pickle(4, run)
  for (let i = 0; i < 40; i++) bytes = p.pickle(4, p.bytes(bytes))
  expect(look(bytes).verdict).not.toBe('pass')
})

/** `getattr(owner, name)`. */
const attribute = (owner: Buffer, name: string, module = 'builtins'): Buffer =>
  p.join(p.global(module, 'getattr'), owner, p.text(name), p.tuple2, p.reduce)
const called = p.join(p.text('id'), p.tuple1, p.reduce)
const made = p.join(p.global('collections', 'OrderedDict'), p.emptyTuple, p.reduce)

test.each([
  ['a function of a module that another imports', p.join(attribute(p.global('torch', 'os'), 'system'), called)],
  ['a method of an allowed class', p.join(attribute(p.global('collections', 'OrderedDict'), 'fromkeys'), called)],
  ['a method of an instance', p.join(attribute(made, 'update'), called)],
  ['the classes of all', p.join(attribute(p.global('builtins', 'dict'), '__subclasses__'), called)],
  [
    'one attribute after the other',
    p.join(attribute(attribute(p.global('numpy', 'ndarray'), '__class__'), 'mro'), called),
  ],
  ['a function that is not called', attribute(p.global('os', 'path'), 'join')],
  ['the name of Python 2', p.join(attribute(p.global('os', 'path'), 'os', '__builtin__'), called)],
  ['a name that is computed', p.join(p.global('builtins', 'getattr'), made, made, p.tuple2, p.reduce, called)],
])('getattr that reaches %s is high at least', (_name, bytes) => {
  for (const protocol of [2, 4]) expect(look(p.pickle(protocol, bytes)).findings[0]?.severity).toMatch(/high|critical/)
})
