import { type Arguments, noteCall, reflective } from './calls.ts'
import { sensitiveModules } from './kinds.ts'
import { lookUp, member } from './names.ts'
import { assign, handOn, isOperator, mention, note, noteText, peek, type State } from './state.ts'
import { NotPython, type Token, tokenize } from './tokens.ts'
import { added, folded, sliced, type Value } from './values.ts'

const maxDepth = 120
const operatorsBetween = new Set(
  'and or not in is if else for async await yield from return raise assert del lambda global nonlocal while with as elif except try finally pass break continue case match print'.split(
    ' ',
  ),
)

/** Everything up to a closing bracket, a comma, a colon or the end of the statement that is not inside brackets. */
export function expression(state: State, stops: string): Value {
  if (++state.depth > maxDepth) throw new NotPython(peek(state).at, 'expressions nest too deep')
  let value: Value | undefined
  let sum = true
  let begin = peek(state).at
  const entered = state.lambdas
  for (;;) {
    const token = peek(state)
    if (token.kind === 'newline' || token.kind === 'end' || token.kind === 'indent' || token.kind === 'dedent') break
    if (token.kind === 'operator' && stops.includes(` ${token.text} `)) break
    if (token.kind === 'operator' && ')]}'.includes(token.text)) break
    if (
      token.kind === 'name' &&
      operatorsBetween.has(token.text) &&
      !isOperator(state, '=', 1) &&
      !isOperator(state, '.', 1) &&
      !isOperator(state, '(', 1)
    ) {
      state.position += 1
      if (token.text === 'lambda') lambdaHead(state)
      sum = false
      continue
    }
    if (
      token.kind === 'name' &&
      /^(lambda|not|and|or|in|is|if|else|await|return|yield|for|while|assert|del|raise|elif|with|case)$/.test(
        token.text,
      ) &&
      !isOperator(state, '=', 1)
    ) {
      state.position += 1
      if (token.text === 'lambda') lambdaHead(state)
      sum = false
      continue
    }
    if (token.kind === 'name' || token.kind === 'number' || token.kind === 'string' || '([{'.includes(token.text)) {
      begin = token.at
      const next = primary(state)
      if (value === undefined) value = next
      else if (sum) value = added(value, next)
      else {
        // Which of the two it is only running would tell.
        if (next.ref !== 'os.environ') handOn(state, next, begin)
        if (value.ref === undefined && next.ref !== undefined) value = next
        else if (value.hidden === undefined && next.hidden !== undefined) value = { ...value, hidden: next.hidden }
      }
      sum = true
      continue
    }
    if (token.text !== '+' && token.text !== '`') sum = false
    state.position += 1
  }
  state.lambdas = entered
  state.depth -= 1
  return value ?? {}
}

function lambdaHead(state: State): void {
  while (!isOperator(state, ':') && peek(state).kind !== 'newline' && peek(state).kind !== 'end') {
    if (peek(state).kind === 'name') state.parameters.add(peek(state).text)
    if (isOperator(state, '=')) {
      state.position += 1
      expression(state, ' , : ')
    } else if (isOperator(state, '(') || isOperator(state, '[') || isOperator(state, '{')) primary(state)
    else if (isOperator(state, ')') || isOperator(state, ']') || isOperator(state, '}')) break
    else state.position += 1
  }
  if (isOperator(state, ':')) state.position += 1
  state.lambdas += 1
}

/** A name, literal or bracket with all that is attached to it: attributes, calls, subscripts. */
export function primary(state: State): Value {
  const token = peek(state)
  const at = token.at
  state.position += 1
  let value: Value = {}
  let base: Value | undefined
  let method = ''
  if (token.kind === 'number') value = { number: Number(token.text.replaceAll('_', '')) }
  else if (token.kind === 'string') value = strings(state, token)
  else if (token.kind === 'name') {
    value = lookUp(state, token)
    if (isOperator(state, ':=')) {
      state.position += 1
      const bound = expression(state, ' , : ')
      assign(state, token.text, bound)
      return bound
    }
  } else value = bracketed(state, token.text)

  for (;;) {
    if (isOperator(state, '.')) {
      state.position += 1
      const attribute = peek(state)
      if (attribute.kind !== 'name') break
      state.position += 1
      base = value
      method = attribute.text
      value = member(state, value, method, attribute.at)
    } else if (isOperator(state, '(')) {
      state.position += 1
      value = called(state, value, base, method, at)
      base = undefined
      method = ''
    } else if (isOperator(state, '[')) {
      state.position += 1
      value = subscripted(state, value, at)
      base = undefined
      method = ''
    } else break
  }
  return value
}

function strings(state: State, first: Token): Value {
  let text = ''
  let plain = true
  let token = first
  for (;;) {
    text += token.text
    if (token.inner !== undefined && token.inner.length > 0) {
      plain = false
      for (const { text: field, at } of token.inner) formatted(state, field, at)
    }
    if (peek(state).kind !== 'string') break
    token = peek(state)
    state.position += 1
  }
  noteText(state, text, first.at)
  return plain ? { text } : {}
}

/** An expression inside a formatted string runs where the string stands. */
function formatted(state: State, field: string, at: number): void {
  if (++state.depth > maxDepth) throw new NotPython(at, 'strings nest too deep')
  const before = state.position
  const inner = tokenize(`(${withoutFormat(field)})`)
  const outer = state.tokens
  state.tokens = inner.map((token) => ({ ...token, at: at + token.at - 1 }))
  state.position = 0
  while (peek(state).kind !== 'end') {
    const value = expression(state, ' ')
    handOn(state, value, at)
    if (peek(state).kind !== 'end') state.position += 1
  }
  state.tokens = outer
  state.position = before
  state.depth -= 1
}

function bracketed(state: State, open: string): Value {
  const items: Value[] = []
  let commas = 0
  let comprehension = false
  const bodyAt = state.position
  while (!closes(state)) {
    const at = peek(state).at
    const before = state.position
    const value = expression(state, ' , : = ')
    for (let i = before; i < state.position && i < before + 4_000; i++)
      if (state.tokens[i]?.kind === 'name' && state.tokens[i]?.text === 'for') comprehension = true
    if (items.length < 1024) items.push(value)
    if (open !== '(' || commas > 0 || isOperator(state, ',')) handOn(state, value, at)
    if (isOperator(state, ',')) commas += 1
    if (!closes(state)) state.position += 1
  }
  state.position += 1
  if (open === '(' && commas === 0 && items.length === 1 && bodyAt < state.position) return items[0] ?? {}
  return open === '{' || comprehension ? hiddenOf(items) : { items, ...hiddenOf(items) }
}

function hiddenOf(items: readonly Value[]): Value {
  const hidden = items.find((item) => item.hidden !== undefined)?.hidden
  return hidden === undefined ? {} : { hidden }
}

/** True where the bracket around ends. */
export function closes(state: State): boolean {
  const token = peek(state)
  return token.kind === 'end' || (token.kind === 'operator' && ')]}'.includes(token.text))
}

function subscripted(state: State, value: Value, at: number): Value {
  const from = state.position
  const keys: Value[] = []
  while (!closes(state)) {
    keys.push(expression(state, ' , : '))
    if (!closes(state)) state.position += 1
  }
  const inside = state.tokens
    .slice(from, Math.min(state.position, from + 8))
    .map((token) => token.text)
    .join('')
  state.position += 1
  const key = keys[0]
  const ref = value.ref
  if (ref === 'sys.modules') {
    if (key?.text === undefined) return {}
    return { ref: key.text }
  }
  if (ref === 'builtins.globals()' || ref === 'builtins.locals()' || ref === 'builtins.vars()') {
    if (key?.text !== undefined)
      return (
        state.aliases.get(key.text) ??
        (/^__builtins?__$/.test(key.text) ? { ref: 'builtins' } : { ref: `builtins.${key.text}` })
      )
    return {}
  }
  if (ref !== undefined && sensitiveModules.has(ref)) {
    if (key?.text !== undefined) return { ref: `${ref}.${key.text}` }
    note(state, 'hidden-name', `${ref}[…]`, at)
    return {}
  }
  if (value.items !== undefined && key?.number !== undefined) return value.items.at(key.number) ?? {}
  return sliced(value, inside)
}

/** What is given to a call, behind its opening bracket. */
export function readArguments(state: State): Arguments {
  const args: Value[] = []
  const keywords = new Map<string, Value>()
  while (!closes(state)) {
    const at = peek(state).at
    if (peek(state).kind === 'name' && isOperator(state, '=', 1)) {
      const name = peek(state).text
      state.position += 2
      const isConstant = peek(state).kind === 'name' && /^(True|False|None)$/.test(peek(state).text)
      const constant = peek(state).text
      const value = expression(state, ' , : ')
      keywords.set(name, isConstant ? { text: constant } : value)
      handOn(state, value, at)
    } else {
      const value = expression(state, ' , : = ')
      args.push(value)
      handOn(state, value, at)
    }
    if (!closes(state)) state.position += 1
  }
  state.position += 1
  return { args, keywords }
}

function called(state: State, callee: Value, base: Value | undefined, method: string, at: number): Value {
  const given = readArguments(state)
  const { args } = given
  if (callee.local !== undefined)
    mention(state, callee.attribute === undefined ? callee.local : `${callee.local}.${callee.attribute}`)
  const ref = callee.ref
  if (ref !== undefined) {
    const special = reflective(state, ref, args, at)
    if (special !== undefined) return special
    noteCall(state, ref, given, at)
  } else if (
    /^(from_pretrained|load_dataset|pipeline|from_config)$/.test(method) &&
    given.keywords.get('trust_remote_code')?.text === 'True'
  )
    note(state, 'remote-code', `${method}(trust_remote_code=True)`, at)
  return folded(callee, base, method, args)
}

/** The expression of a field without its conversion and format, which follow its last bracket or quote. */
function withoutFormat(field: string): string {
  let cut = field.length
  for (let at = field.length - 1; at >= 0 && !'()[]{}\'"'.includes(field[at] ?? ''); at--)
    if (field[at] === ':' || field[at] === '!') cut = at
  return field.slice(0, cut)
}
