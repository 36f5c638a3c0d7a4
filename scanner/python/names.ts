import { kindOf } from './kinds.ts'
import { around, note, type State } from './state.ts'
import type { Token } from './tokens.ts'
import type { Value } from './values.ts'

const builtinNames = new Set(
  'eval exec compile open __import__ getattr setattr delattr globals locals vars bytes bytearray str chr memoryview reversed list tuple iter next execfile map filter input breakpoint print type super object'.split(
    ' ',
  ),
)

const wellKnown = new Set(
  'os posix subprocess sys importlib ctypes pickle marshal shutil socket pty runpy builtins requests urllib base64 codecs zlib'.split(
    ' ',
  ),
)

/** What a name stands for. */
export function lookUp(state: State, token: Token): Value {
  const name = token.text
  const alias = state.aliases.get(name)
  if (alias !== undefined) return alias
  for (const module of state.starModules)
    if (kindOf(`${module}.${name}`) !== undefined) return { ref: `${module}.${name}` }
  if (name === '__builtins__') return { ref: 'builtins' }
  const outer = around(state).find(({ kind }) => kind !== 'block')
  if ((name === 'self' || name === 'cls') && outer?.kind === 'class') return { local: outer.name }
  if (builtinNames.has(name)) return { ref: `builtins.${name}` }
  // Brought in by a star, or by whoever runs the text: the name alone says enough.
  if (wellKnown.has(name) && !state.parameters.has(name) && !state.defined.has(name)) return { ref: name }
  return { local: name }
}

/** What an attribute of a value is. */
export function member(state: State, value: Value, name: string, at: number): Value {
  if (/^(__globals__|__builtins__|f_globals|f_builtins|gi_frame|cr_frame|tb_frame|func_globals)$/.test(name)) {
    if (name === '__builtins__') return { ref: 'builtins' }
    note(state, 'hidden-name', name, at)
  }
  if (value.ref !== undefined) {
    if (name === '__dict__' || name === '__call__') return value
    if (value.ref === 'os.environ' && /^(copy|items|values|keys)$/.test(name)) state.wholeEnvironment = at
    return { ref: `${value.ref}.${name}`, ...(value.hidden === undefined ? {} : { hidden: value.hidden }) }
  }
  return {
    ...(value.hidden === undefined ? {} : { hidden: value.hidden }),
    ...(value.local === undefined ? {} : { local: value.local, attribute: name }),
  }
}
