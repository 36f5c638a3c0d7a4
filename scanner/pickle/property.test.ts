import type { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { permissionOf } from '../globals/policy.ts'
import { look } from '../testing/look.ts'
import * as p from '../testing/pickle-bytes.ts'
import { seededRandom } from '../testing/random.ts'

const argument = p.text('x')
type Spelling = [name: string, spell: (module: string, name: string) => Buffer]
const made = p.join(p.global('collections', 'OrderedDict'), p.emptyTuple, p.reduce)

/** Every way in which a stream can have a global called, or handed to something that calls it. */
const spellings: readonly Spelling[] = [
  ['REDUCE of GLOBAL', (m, n) => p.pickle(2, p.global(m, n), argument, p.tuple1, p.reduce)],
  ['REDUCE without arguments', (m, n) => p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce)],
  ['REDUCE, then POP', (m, n) => p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce, p.pop, p.none)],
  ['REDUCE of STACK_GLOBAL', (m, n) => p.pickle(4, p.byName(m, n), argument, p.tuple1, p.reduce)],
  [
    'REDUCE in a frame',
    (m, n) => p.pickle(4, p.frame(p.byName(m, n), argument, p.tuple1, p.reduce, '.')).subarray(0, -1),
  ],
  [
    'REDUCE of memoized names',
    (m, n) =>
      p
        .pickle(
          4,
          p.text(m),
          p.memoize,
          p.text(n),
          p.memoize,
          p.get(0),
          p.get(1),
          p.stackGlobal,
          p.emptyTuple,
          p.reduce,
          p.mark,
          p.tuple,
        )
        .subarray(0),
  ],
  [
    'REDUCE of a memoized global',
    (m, n) => p.pickle(2, p.global(m, n), p.put(9), p.pop, p.emptyList, p.get(9), p.emptyTuple, p.reduce, p.append),
  ],
  [
    'REDUCE of a memo entry that changed',
    (m, n) =>
      p.pickle(
        2,
        p.global('datetime', 'date'),
        p.put(1),
        p.pop,
        p.global(m, n),
        p.put(1),
        p.pop,
        p.get(1),
        p.emptyTuple,
        p.reduce,
      ),
  ],
  [
    'REDUCE of escaped names',
    (m, n) => p.pickle(4, `V${escaped(m)}\n`, `V${escaped(n)}\n`, p.stackGlobal, p.emptyTuple, p.reduce),
  ],
  ['REDUCE of quoted names', (m, n) => p.pickle(4, `S'${m}'\n`, `S"${n}"\n`, p.stackGlobal, p.emptyTuple, p.reduce)],
  ['REDUCE of short texts', (m, n) => p.pickle(4, short(m), short(n), p.stackGlobal, p.emptyTuple, p.reduce)],
  ['INST', (m, n) => p.pickle(0, p.mark, p.inst(m, n))],
  ['INST with arguments', (m, n) => p.pickle(0, p.mark, "S'x'\n", p.inst(m, n))],
  ['OBJ', (m, n) => p.pickle(1, p.mark, p.global(m, n), p.obj)],
  ['OBJ with arguments, then POP', (m, n) => p.pickle(1, p.mark, p.global(m, n), argument, p.obj, p.pop, p.none)],
  ['NEWOBJ', (m, n) => p.pickle(2, p.global(m, n), p.emptyTuple, p.newobj)],
  ['NEWOBJ_EX', (m, n) => p.pickle(4, p.byName(m, n), p.emptyTuple, p.emptyDict, p.newobjEx)],
  ['BUILD on the global', (m, n) => p.pickle(2, p.global(m, n), p.emptyDict, p.build)],
  ['APPEND to the global', (m, n) => p.pickle(2, p.global(m, n), argument, p.append)],
  ['APPENDS to the global', (m, n) => p.pickle(2, p.global(m, n), p.mark, argument, p.appends)],
  ['ADDITEMS to the global', (m, n) => p.pickle(4, p.global(m, n), p.mark, argument, p.addItems)],
  ['SETITEM on the global', (m, n) => p.pickle(2, p.global(m, n), argument, argument, p.setItem)],
  ['SETITEMS on the global', (m, n) => p.pickle(2, p.global(m, n), p.mark, argument, argument, p.setItems)],
  [
    '__setstate__ in a state',
    (m, n) =>
      p.pickle(2, made, p.emptyDict, p.text('__setstate__'), p.global(m, n), p.setItem, p.build, argument, p.build),
  ],
  ['a hook in DICT', (m, n) => p.pickle(2, made, p.mark, p.text('__reduce_ex__'), p.global(m, n), 'd', p.build)],
  [
    'a class of a persistent id',
    (m, n) =>
      p.pickle(
        2,
        p.mark,
        p.text('module'),
        p.global(m, n),
        p.text('a.py'),
        argument,
        p.tuple,
        p.binPersid,
        p.emptyTuple,
        p.newobj,
      ),
  ],
  [
    'an argument of _reconstructor',
    (m, n) =>
      p.pickle(
        2,
        p.global('copy_reg', '_reconstructor'),
        p.global(m, n),
        p.global('__builtin__', 'object'),
        p.none,
        '\x87',
        p.reduce,
      ),
  ],
  [
    'the base of _reconstructor',
    (m, n) =>
      p.pickle(
        2,
        p.global('copyreg', '_reconstructor'),
        p.global('argparse', 'Namespace'),
        p.global(m, n),
        argument,
        '\x87',
        p.reduce,
      ),
  ],
  [
    'an argument of __newobj__',
    (m, n) => p.pickle(2, p.global('copyreg', '__newobj__'), p.global(m, n), p.tuple1, p.reduce),
  ],
  [
    'the factory of a defaultdict',
    (m, n) => p.pickle(2, p.global('collections', 'defaultdict'), p.global(m, n), p.tuple1, p.reduce),
  ],
  [
    'a constructor of a generator',
    (m, n) =>
      p.pickle(2, p.global('numpy.random._pickle', '__generator_ctor'), argument, p.global(m, n), p.tuple2, p.reduce),
  ],
  [
    'the rebuilder of a tensor',
    (m, n) =>
      p.pickle(
        2,
        p.global('torch._tensor', '_rebuild_from_type_v2'),
        p.mark,
        p.global(m, n),
        p.global('torch', 'Tensor'),
        p.emptyTuple,
        p.none,
        p.tuple,
        p.reduce,
      ),
  ],
  [
    'the class of an array',
    (m, n) =>
      p.pickle(
        2,
        p.global('numpy.core.multiarray', '_reconstruct'),
        p.global(m, n),
        argument,
        argument,
        '\x87',
        p.reduce,
      ),
  ],
  ['a partial', (m, n) => p.pickle(2, p.global('functools', 'partial'), p.global(m, n), p.tuple1, p.reduce)],
  [
    'an attribute',
    (m, n) => p.pickle(2, p.global('builtins', 'getattr'), p.global(m, n), argument, p.tuple2, p.reduce),
  ],
  [
    'within a tuple of arguments',
    (m, n) =>
      p.pickle(
        2,
        p.global('functools', 'partial'),
        p.global('numpy', 'log1p'),
        p.global(m, n),
        p.tuple1,
        p.tuple2,
        p.reduce,
      ),
  ],
  ['before a break', (m, n) => p.join(p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce).subarray(0, -1), '\xff')],
  ['without STOP', (m, n) => p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce).subarray(0, -1)],
  [
    'in the second stream',
    (m, n) => p.join(p.pickle(2, p.emptyList), p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce)),
  ],
  ['behind DUP', (m, n) => p.pickle(2, p.global(m, n), '2', p.emptyTuple, p.reduce, p.tuple2)],
  ['in nested bytes', (m, n) => p.pickle(4, p.bytes(p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce)))],
  [
    'in the objects of a joblib array',
    (m, n) => p.pickle(4, p.joblibArray('O8', 1, p.pickle(2, p.global(m, n), p.emptyTuple, p.reduce))),
  ],
]

const escaped = (text: string): string =>
  text.replaceAll(/[a-m]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
const short = (text: string): Buffer => p.join('\x8c', String.fromCharCode(text.length), text)

const modules =
  'os sys numpy numpy.core torch torch.nn torch._utils collections builtins __builtin__ copyreg functools sklearn.pipeline pandas datetime json xml email random statistics mypackage a.b.c __main__ _private transformers keras'.split(
    ' ',
  )
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789'

test('whatever is not on the allow-list and is called has a high finding, in every spelling of a call', () => {
  const seed = 20_260_101
  const random = seededRandom(seed)
  const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)] as T
  const word = (): string =>
    pick(letters.slice(0, 53)) + Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(letters)).join('')
  const silent: string[] = []
  let tried = 0
  for (let round = 0; round < 150; round++) {
    for (const [spelling, spell] of spellings) {
      const module =
        random() < 0.5 ? pick(modules) : Array.from({ length: 1 + Math.floor(random() * 3) }, word).join('.')
      const name = random() < 0.1 ? `${word()}.${word()}` : word()
      if (permissionOf(module, name) !== undefined) continue
      tried++
      const { findings } = look(spell(module, name))
      if (!findings.some(({ severity }) => atLeast(severity, 'high'))) silent.push(`${spelling}: ${module} ${name}`)
    }
  }
  process.stdout.write(`${tried} calls of names on no list, ${spellings.length} spellings, seed ${seed}\n`)
  expect(silent).toEqual([])
  expect(tried).toBeGreaterThan(5_000)
})

test('a name that is only imported has a medium finding', () => {
  for (const bytes of [p.pickle(2, p.global('mylib', 'Thing')), p.pickle(4, p.byName('mylib', 'Thing'))]) {
    const { verdict, findings } = look(bytes)
    expect(verdict).toBe('review')
    expect(findings.map(({ severity }) => severity)).toEqual(['medium'])
  }
})
