import { expect, test } from 'vitest'
import { gradeTarget } from './classify.ts'

/** A small seeded generator, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % below
  }
}

test('a name is allowed only as it stands in the list', () => {
  expect(gradeTarget('torch.nn.Linear')).toBe('allowed')
  expect(gradeTarget('torch.nn.modules.linear.Linear')).toBe('allowed')
  for (const name of [
    'torch.nn.modules.linear.Linear.__init__',
    'torch.nn.Linear.__init__.__globals__',
    'torch.nn.linear',
    'Linear',
    'torch.nn.Linear.forward',
    'x.torch.nn.Linear',
  ])
    expect(gradeTarget(name), name).not.toBe('allowed')
})

test.each([
  'os.system',
  'posix.system',
  'subprocess.Popen',
  'builtins.eval',
  'eval',
  'torch.load',
  'torch.hub.load',
  'transformers.utils.os.system',
  'nemo.utils.subprocess.run',
  'pydoc.locate',
  'hydra.utils.get_method',
  'nemo.collections.asr.models.EncDecCTCModel.restore_from',
  'importlib:import_module',
  '\uff4fs.system',
])('%s is dangerous', (name) => {
  expect(gradeTarget(name)).toBe('dangerous')
})

test('random names are never allowed', () => {
  const next = random(11)
  const word = (): string => Array.from({ length: 1 + next(8) }, () => 'abcdefghijklmnopqrstuvwxyz_'[next(27)]).join('')
  for (let round = 0; round < 5_000; round++) {
    const name = Array.from({ length: 1 + next(4) }, word).join('.')
    expect(['unknown', 'library', 'dangerous'], name).toContain(gradeTarget(name))
    expect(gradeTarget(`torch.nn.${name}`), name).not.toBe('allowed')
  }
})
