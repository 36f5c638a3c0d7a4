import { hostileCommand, kindOf, sensitivePath } from './kinds.ts'
import type { Token } from './tokens.ts'
import type { CallKind, CallTime, PythonCall } from './types.ts'
import type { Value } from './values.ts'

/** Modules named in facts. */
export const maxKept = 200

/** Where the statement at hand stands. */
export type Scope = { kind: 'def' | 'class' | 'main' | 'block'; name: string }

/** What is known while source is followed, from its first token to its last. */
export type State = {
  tokens: Token[]
  position: number
  /** Expressions inside one another. */
  depth: number
  /** Functions without a name around the expression at hand. */
  lambdas: number
  scopes: Scope[]
  /** The scope that the next indentation opens. */
  pending: Scope | undefined
  /** A definition whose body follows on the same line. */
  oneLine: Scope | undefined
  aliases: Map<string, Value>
  starModules: string[]
  parameters: Set<string>
  imports: string[]
  found: (PythonCall & { inside: string })[]
  /** What the file defines, and what its parts mention of each other: '' stands for the module itself. */
  defined: Map<string, 'def' | 'class'>
  mentions: Map<string, Set<string>>
  /** Where the whole environment, or credentials of the machine, are taken; -1 for nowhere. */
  wholeEnvironment: number
  secrets: number
  torchScript: boolean
  /** The calls of code in text, or none where it is none or too deep inside such text. */
  analyzeText: (text: string) => PythonCall[]
}

/** The state before the first token. */
export function createState(tokens: Token[], torchScript: boolean, analyzeText: State['analyzeText']): State {
  return {
    tokens,
    position: 0,
    depth: 0,
    lambdas: 0,
    scopes: [],
    pending: undefined,
    oneLine: undefined,
    aliases: new Map(torchScript ? [['torch', { ref: 'torch' }]] : []),
    starModules: [],
    parameters: new Set(),
    imports: [],
    found: [],
    defined: new Map(),
    mentions: new Map(),
    wholeEnvironment: -1,
    secrets: -1,
    torchScript,
    analyzeText,
  }
}

/** The next token, or one further on; the last one at the end. */
export function peek(state: State, ahead: number = 0): Token {
  return state.tokens[Math.min(state.position + ahead, state.tokens.length - 1)] as Token
}

/** True when the token there is this operator. */
export function isOperator(state: State, text: string, ahead: number = 0): boolean {
  const token = peek(state, ahead)
  return token.kind === 'operator' && token.text === text
}

/** True when the token there is this name or keyword. */
export function isName(state: State, text: string, ahead: number = 0): boolean {
  const token = peek(state, ahead)
  return token.kind === 'name' && token.text === text
}

/** The scopes around, outermost first. */
export function around(state: State): Scope[] {
  return state.oneLine === undefined ? state.scopes : [...state.scopes, state.oneLine]
}

/** When what stands here is run. */
export function time(state: State): CallTime {
  return state.lambdas > 0 || around(state).some(({ kind }) => kind === 'def' || kind === 'main')
    ? 'function'
    : 'import'
}

/** The outermost thing of the file around: a function or a class. '' at the level of the module. */
export function owner(state: State): string {
  if (time(state) === 'import') return ''
  const [outer, inner] = around(state).filter(({ kind }) => kind !== 'block')
  if (outer === undefined) return ''
  if (outer.kind === 'main') return '__main__'
  return outer.kind === 'class' && inner !== undefined ? `${outer.name}.${inner.name}` : outer.name
}

/** Notes something that matters, as part of what is around it. */
export function note(state: State, kind: CallKind, name: string, at: number): void {
  if (state.found.length < 5_000)
    state.found.push({ kind, time: time(state), name: name.slice(0, 120), offset: at, inside: owner(state) })
}

/** Notes that what is around may call something of the file; with `&` before it, that it hands it on. */
export function mention(state: State, name: string): void {
  const from = owner(state)
  const known = state.mentions.get(from) ?? new Set<string>()
  if (known.size < 2_000) known.add(name)
  state.mentions.set(from, known)
}

/** A value that is handed on: who holds a callable can call it. */
export function handOn(state: State, value: Value, at: number): void {
  if (value.local !== undefined && value.attribute === undefined) mention(state, `&${value.local}`)
  const ref = value.ref
  if (ref === undefined) return
  const kind = kindOf(ref)
  if (
    ref === 'subprocess.Popen' ||
    (ref.startsWith('builtins.') && state.parameters.has(ref.slice('builtins.'.length)))
  )
    return
  if (ref.startsWith('types.')) return
  if (kind === 'process' || kind === 'code' || (kind === 'unpickle' && !ref.endsWith('Unpickler')))
    note(state, kind, ref, at)
  if (ref === 'os.environ') state.wholeEnvironment = at
}

/** Notes commands and places in constant text. */
export function noteText(state: State, text: string, at: number): void {
  if (hostileCommand.test(text.slice(0, 4096))) note(state, 'process', 'a shell command in text', at)
  if (sensitivePath.test(text.slice(0, 4096))) {
    note(state, 'sensitive', sensitivePath.exec(text.slice(0, 4096))?.[0] ?? '', at)
    state.secrets = at
  }
}

/** Gives a name a value. */
export function assign(state: State, name: string, value: Value): void {
  const before = state.aliases.get(name)
  // Once a name was a callable that matters, a later value does not make it harmless.
  if (before?.ref !== undefined && kindOf(before.ref) !== undefined) return
  if (
    value.ref !== undefined ||
    value.text !== undefined ||
    value.hidden !== undefined ||
    value.items !== undefined ||
    value.local !== undefined
  )
    state.aliases.set(name, value)
  else state.aliases.delete(name)
}
