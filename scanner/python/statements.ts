import { noteCall } from './calls.ts'
import { closes, expression, primary } from './expressions.ts'
import { around, assign, handOn, isName, isOperator, maxKept, mention, peek, type Scope, type State } from './state.ts'
import { added } from './values.ts'

function dottedName(state: State): string {
  let name = ''
  while (
    isOperator(state, '.') ||
    isOperator(state, '...') ||
    (peek(state).kind === 'name' && !isName(state, 'import') && !isName(state, 'as'))
  ) {
    name += peek(state).text
    state.position += 1
  }
  return name
}

function importStatement(state: State): void {
  state.position += 1
  while (peek(state).kind === 'name') {
    const module = dottedName(state)
    if (state.imports.length < maxKept) state.imports.push(module)
    if (isName(state, 'as')) {
      state.aliases.set(peek(state, 1).text, { ref: module })
      state.position += 2
    } else {
      const top = module.split('.', 1)[0] ?? ''
      state.aliases.set(top, { ref: top })
    }
    if (!isOperator(state, ',')) break
    state.position += 1
  }
}

function fromStatement(state: State): void {
  state.position += 1
  const module = dottedName(state)
  if (state.imports.length < maxKept) state.imports.push(module)
  if (!isName(state, 'import')) return
  state.position += 1
  if (isOperator(state, '(')) state.position += 1
  while (peek(state).kind === 'name' || isOperator(state, '*')) {
    const name = peek(state).text
    state.position += 1
    if (name === '*') {
      if (!module.startsWith('.') && state.starModules.length < 32) state.starModules.push(module)
    } else if (isName(state, 'as')) {
      state.aliases.set(peek(state, 1).text, { ref: `${module}.${name}` })
      state.position += 2
    } else state.aliases.set(name, { ref: `${module}.${name}` })
    if (!isOperator(state, ',')) break
    state.position += 1
  }
  if (isOperator(state, ')')) state.position += 1
}

function definition(state: State, kind: 'def' | 'class'): void {
  state.position += 1
  const name = peek(state).text
  state.position += 1
  const named = state.scopes.filter((scope) => scope.kind !== 'block')
  if (named.length === 0) state.defined.set(name, kind)
  else if (named.length === 1 && named[0]?.kind === 'class') state.defined.set(`${named[0].name}.${name}`, kind)
  if (isOperator(state, '[')) primary(state)
  if (isOperator(state, '(')) {
    state.position += 1
    if (kind === 'def') parametersOf(state)
    else basesOf(state)
  }
  if (isOperator(state, '->')) {
    state.position += 1
    expression(state, ' : ')
  }
  if (isOperator(state, ':')) state.position += 1
  const scope: Scope = { kind, name }
  if (peek(state).kind === 'newline') state.pending = scope
  else state.oneLine = scope
}

function basesOf(state: State): void {
  while (!closes(state)) {
    expression(state, ' , : = ')
    if (!closes(state)) state.position += 1
  }
  state.position += 1
}

/** Defaults and annotations are evaluated when the function is defined. */
function parametersOf(state: State): void {
  while (!closes(state)) {
    if (peek(state).kind === 'name') state.parameters.add(peek(state).text)
    if (isOperator(state, '=') || isOperator(state, ':')) {
      const isDefault = isOperator(state, '=')
      state.position += 1
      const at = peek(state).at
      const value = expression(state, ' , = ')
      if (isDefault) handOn(state, value, at)
    } else state.position += 1
  }
  state.position += 1
}

/** Follows one statement, whose first token is the next. */
export function statement(state: State): void {
  state.oneLine = undefined
  // A text by itself documents.
  if (peek(state).kind === 'string' && peek(state, 1).kind === 'newline' && peek(state).inner === undefined) {
    state.position += 1
    return
  }
  // Words that begin a statement may also be names, in older and newer versions of the language.
  if (isName(state, 'async') && (isName(state, 'def', 1) || isName(state, 'for', 1) || isName(state, 'with', 1)))
    state.position += 1
  if (isOperator(state, '@')) {
    state.position += 1
    const at = peek(state).at
    const value = expression(state, ' ')
    if (value.local !== undefined) mention(state, value.local)
    // A decorator is called with what it stands on.
    if (value.ref !== undefined) noteCall(state, value.ref, { args: [], keywords: new Map() }, at)
    return
  }
  if (isName(state, 'import') && peek(state, 1).kind === 'name') return importStatement(state)
  if (
    isName(state, 'from') &&
    (peek(state, 1).kind === 'name' || isOperator(state, '.', 1) || isOperator(state, '...', 1))
  )
    return fromStatement(state)
  if (isName(state, 'def') && peek(state, 1).kind === 'name') definition(state, 'def')
  else if (isName(state, 'class') && peek(state, 1).kind === 'name') definition(state, 'class')
  else if (
    isName(state, 'if') &&
    isName(state, '__name__', 1) &&
    isOperator(state, '==', 2) &&
    peek(state, 3).text === '__main__' &&
    isOperator(state, ':', 4)
  ) {
    state.position += 5
    state.pending = { kind: 'main', name: '__main__' }
    if (peek(state).kind !== 'newline') state.oneLine = state.pending
  }
  simpleStatements(state)
}

/** Assignments and expressions up to the end of the line. */
function simpleStatements(state: State): void {
  while (peek(state).kind !== 'newline' && peek(state).kind !== 'end') {
    const before = state.position
    if (isName(state, 'import') && peek(state, 1).kind === 'name') importStatement(state)
    else if (
      isName(state, 'from') &&
      peek(state, 1).kind === 'name' &&
      (isName(state, 'import', 2) || isOperator(state, '.', 2))
    )
      fromStatement(state)
    else assignmentOrExpression(state)
    if (state.position === before) state.position += 1
  }
}

function assignmentOrExpression(state: State): void {
  const targets: string[] = []
  let plain = true
  for (;;) {
    const at = peek(state).at
    const isTarget =
      peek(state).kind === 'name' &&
      (isOperator(state, '=', 1) || isOperator(state, ':', 1) || isOperator(state, ',', 1))
    const name = peek(state).text
    const value = expression(state, ' , : ; = += ')
    if (isOperator(state, '=')) {
      if (isTarget) targets.push(name)
      else plain = false
      state.position += 1
      continue
    }
    if (isOperator(state, '+=') && state.aliases.has(name)) {
      state.position += 1
      assign(state, name, added(state.aliases.get(name) ?? {}, expression(state, ' , : ; = ')))
      return
    }
    if (isOperator(state, ':') && isTarget) {
      // An annotation, or the end of a compound statement's head.
      state.position += 1
      if (/^(else|try|finally)$/.test(name)) return
      expression(state, ' , : ; = ')
      if (isOperator(state, '=')) {
        targets.push(name)
        state.position += 1
        continue
      }
      return
    }
    if (isOperator(state, ',') && isTarget) {
      severalTargets(state, name)
      return
    }
    if (targets.length > 0) for (const target of targets) assign(state, target, value)
    // An attribute of a class is reached through the class, under names that are not followed.
    if (targets.length > 0 && around(state).at(-1)?.kind === 'class') handOn(state, value, at)
    if (targets.length === 0 || !plain) {
      if (!plain || value.ref === undefined || !isOperator(state, ';')) handOn(state, value, at)
    }
    if (peek(state).kind === 'operator') state.position += 1
    return
  }
}

/** `a, b = x, y` */
function severalTargets(state: State, first: string): void {
  const names = [first]
  while (
    isOperator(state, ',') &&
    peek(state, 1).kind === 'name' &&
    (isOperator(state, ',', 2) || isOperator(state, '=', 2))
  ) {
    names.push(peek(state, 1).text)
    state.position += 2
  }
  if (!isOperator(state, '=')) {
    state.position += 1
    return
  }
  for (const name of names) {
    state.position += 1
    const value = expression(state, ' , ; = ')
    assign(state, name, value)
    if (!isOperator(state, ',')) break
  }
}
