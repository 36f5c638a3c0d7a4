import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { look } from '../testing/look.ts'
import { plainClasses, plainFunctions } from './allowed.ts'
import { gradeKeras } from './grade.ts'

const fn = (module: string, name: string): string => gradeKeras({ module, name, isFunction: true })
const cls = (module: string, name: string): string => gradeKeras({ module, name, isFunction: false })

test.each([
  [cls('keras.layers', 'Dense'), 'plain'],
  [cls('keras.src.models.functional', 'Functional'), 'plain'],
  [cls('tf_keras.src.engine.functional', 'Functional'), 'plain'],
  [cls('tensorflow.keras.layers', 'Dense'), 'plain'],
  [cls('', 'Dense'), 'plain'],
  [cls('', 'Custom>Dense'), 'custom'],
  [cls('kerasx.layers', 'Dense'), 'foreign'],
  [cls('keras_hub.layers', 'TransformerDecoder'), 'custom'],
  [cls('keras.layers', 'Lambda'), 'lambda'],
  [cls('anything', 'Lambda'), 'lambda'],
  [cls('keras.layers', 'TFSMLayer'), 'dangerous'],
  [cls('os.path', 'Dense'), 'dangerous'],
  [fn('builtins', 'relu'), 'plain'],
  [fn('builtins', 'eval'), 'dangerous'],
  [fn('builtins', 'my_loss'), 'custom'],
  [fn('keras.src.utils.file_utils', 'get_file'), 'dangerous'],
  [fn('keras.activations', 'relu'), 'plain'],
  [fn('keras.anything', 'else'), 'unlisted'],
  [fn('numpy.lib', 'x'), 'foreign'],
])('%s is %s', (grade, expected) => {
  expect(grade).toBe(expected)
})

/** A small seeded generator (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

test('a module that is not of Keras is at least high, wherever it stands and whatever it names', () => {
  const next = random(7)
  const word = (): string =>
    Array.from({ length: 3 + Math.floor(next() * 8) }, () => String.fromCharCode(97 + Math.floor(next() * 26))).join('')
  const names = [...plainClasses, ...plainFunctions].filter((name) => !name.startsWith('__'))
  for (let round = 0; round < 500; round++) {
    const module = Array.from({ length: 1 + Math.floor(next() * 3) }, word).join('.')
    const name = next() < 0.5 ? word() : (names[Math.floor(next() * names.length)] ?? '')
    const node =
      next() < 0.5 ? { module, class_name: 'function', config: name } : { module, class_name: name, config: {} }
    let tree: unknown = node
    for (let depth = Math.floor(next() * 10); depth > 0; depth--) tree = next() < 0.5 ? [tree, 1] : { [word()]: tree }
    const { findings } = look(Buffer.from(JSON.stringify(tree)), 'config.json')
    expect(
      findings.some(({ severity }) => atLeast(severity, 'high')),
      JSON.stringify(tree),
    ).toBe(true)
  }
})
