import { expect, test } from 'vitest'
import { deniedReason, isAllowed, permissionOf } from './policy.ts'

test('names are allowed exactly, for an action, never by prefix', () => {
  expect(isAllowed('collections', 'OrderedDict', 'call')).toBe(true)
  expect(isAllowed('sklearn.linear_model._ridge', 'Ridge', 'new')).toBe(true)
  expect(isAllowed('sklearn.linear_model._ridge', 'Ridge', 'call')).toBe(false)
  expect(permissionOf('sklearn.linear_model._ridge', 'Ridge2')).toBeUndefined()
  expect(permissionOf('sklearn.linear_model', '_ridge.Ridge')).toBeUndefined()
  expect(permissionOf('numpy', 'load')).toBeUndefined()
  expect(permissionOf('numpy', 'constructor')).toBeUndefined()
})

test('names of Python 2 are those that Python 3 reads', () => {
  expect(isAllowed('__builtin__', 'set', 'call')).toBe(true)
  expect(isAllowed('copy_reg', '_reconstructor', 'call')).toBe(true)
  expect(deniedReason('commands', 'getoutput')).toContain('starts programs')
  expect(deniedReason('itertools', 'imap')).toContain('by name')
})

test.each([
  ['os', 'system'],
  ['posix', 'system'],
  ['builtins', 'eval'],
  ['__builtin__', 'apply'],
  ['importlib', 'import_module'],
  ['subprocess', 'Popen'],
  ['torch.serialization', 'os.system'],
  ['numpy.lib.utils', 'os.popen'],
  ['pip._internal', 'main'],
  ['torch.utils.data.datapipes.utils.decoder', 'basichandlers'],
  ['idlelib.pyshell', 'ModifiedInterpreter.runcode'],
  ['uuid', '_get_command_stdout'],
])('%s.%s is denied with what it does', (module, name) => {
  expect(deniedReason(module, name)).toBeTypeOf('string')
  expect(permissionOf(module, name)).toBeUndefined()
})

test('being absent from the deny-list allows nothing', () => {
  expect(deniedReason('mylib', 'run')).toBeUndefined()
  expect(permissionOf('mylib', 'run')).toBeUndefined()
})

test('what runs text of its own state as code is not allowed', () => {
  for (const name of ['norm_gen', 'rv_continuous', 'rv_frozen'])
    expect(permissionOf('scipy.stats._continuous_distns', name)).toBeUndefined()
})
