import { kindOf, sensitiveModules } from './kinds.ts'
import { member } from './names.ts'
import { maxKept, note, type State } from './state.ts'
import type { Value } from './values.ts'

/** What is given to a call. */
export type Arguments = { args: Value[]; keywords: Map<string, Value> }

/** Calls that give a name which the text does not show. */
export function reflective(state: State, ref: string, args: readonly Value[], at: number): Value | undefined {
  const [first, second] = args
  if (
    /^(builtins\.__import__|importlib\.(import_module|__import__)|imp\.find_module|pydoc\.locate|pkgutil\.resolve_name)$/.test(
      ref,
    )
  ) {
    if (first?.text === undefined) {
      if (ref !== 'importlib.import_module') note(state, 'hidden-name', `${ref}(…)`, at)
      return {}
    }
    if (state.imports.length < maxKept) state.imports.push(first.text)
    return { ref: first.text.replace(':', '.') }
  }
  if (ref === 'builtins.getattr') {
    if (first?.ref !== undefined && second?.text !== undefined) return member(state, first, second.text, at)
    if (first?.ref !== undefined && sensitiveModules.has(first.ref))
      note(state, 'hidden-name', `getattr(${first.ref}, …)`, at)
    return {}
  }
  if (ref === 'builtins.vars' && first?.ref !== undefined) return first
  if (
    /^(operator\.attrgetter|operator\.methodcaller)$/.test(ref) &&
    first?.text !== undefined &&
    /^(system|popen|eval|exec|__\w+__)/.test(first.text)
  )
    note(state, 'hidden-name', `${ref}("${first.text}")`, at)
  return undefined
}

/** Notes a call that matters, by what it is given. */
export function noteCall(state: State, ref: string, { args, keywords }: Arguments, at: number): void {
  const [first] = args
  const name = ref.replace(/^builtins\./, '')
  if (/^(eval|exec|execfile|compile)$/.test(name) && first !== undefined) {
    const text = first.text
    if (first.hidden !== undefined) note(state, 'hidden-code', `${name} of ${first.hidden} text`, at)
    else if (name !== 'compile') note(state, 'code', name, at)
    // Code in constant text runs where the call stands.
    if (text !== undefined)
      for (const call of state.analyzeText(text).slice(0, 20)) note(state, call.kind, call.name, at)
    return
  }
  if (name === 'compile') return
  if (name === 'open' || name === 'io.open' || name === 'codecs.open') {
    const mode = keywords.get('mode')?.text ?? args[1]?.text ?? 'r'
    if (/[wax+]/.test(mode)) note(state, 'write', `${name} for writing`, at)
    return
  }
  if (/^yaml\.load$/.test(name)) {
    const loader = keywords.get('Loader')?.ref ?? args[1]?.ref ?? ''
    if (!/Safe|BaseLoader/.test(loader)) note(state, 'unpickle', name, at)
    return
  }
  if (name === 'torch.load' && keywords.get('weights_only')?.text === 'True') return
  if (name === 'numpy.load' && keywords.get('allow_pickle')?.text !== 'True') return
  if (name.endsWith('load_model') && keywords.get('safe_mode')?.text === 'False') {
    note(state, 'unpickle', `${name}(safe_mode=False)`, at)
    return
  }
  if (
    /\.(from_pretrained|load_dataset|pipeline|from_config)$/.test(name) &&
    keywords.get('trust_remote_code')?.text === 'True'
  ) {
    note(state, 'remote-code', `${name}(trust_remote_code=True)`, at)
    return
  }
  const kind = state.torchScript && name === 'torch.save' ? 'write' : kindOf(ref)
  if (kind === undefined) return
  if (kind === 'unpickle' && first?.hidden !== undefined)
    note(state, 'hidden-code', `${name} of ${first.hidden} bytes`, at)
  else note(state, kind, name, at)
}
