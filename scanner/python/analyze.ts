import { reachable } from './reachable.ts'
import { createState, maxKept, peek, type State } from './state.ts'
import { statement } from './statements.ts'
import { NotPython, tokenize } from './tokens.ts'
import type { PythonCall } from './types.ts'

/** Modules named and calls that matter, the gravest first; at most 200 of each. */
export type PythonAnalysis = { imports: string[]; calls: PythonCall[] }

/** Text given to exec inside text given to exec. */
const maxNested = 3
/** Characters of such text that are followed in all. */
const maxNestedText = 512 * 1024

/**
 * Follows Python source as far as its names go, without running it: which modules it imports, which calls that matter it makes, and
 * whether importing the file makes them. Names are followed through imports, assignments, getattr, subscripts and constant text.
 * Throws `NotPython` where the text is none.
 * @param nested how often this was reached through text given to exec or eval
 * @param torchScript the code of a TorchScript archive, where torch is there without an import
 */
export function analyzePython(source: string, nested: number = 0, torchScript: boolean = false): PythonAnalysis {
  let textLeft = nested === 0 ? maxNestedText : maxNestedText / 8
  const state = createState(tokenize(source), torchScript, (text) => {
    textLeft -= text.length + 64
    return nested < maxNested && textLeft > 0 ? callsIn(text, nested + 1) : []
  })
  while (peek(state).kind !== 'end') {
    const { kind } = peek(state)
    if (kind === 'indent') {
      state.scopes.push(state.pending ?? { kind: 'block', name: '' })
      state.pending = undefined
      state.position += 1
    } else if (kind === 'dedent') {
      state.scopes.pop()
      state.position += 1
    } else if (kind === 'newline') state.position += 1
    else {
      state.pending = undefined
      statement(state)
    }
  }
  noteExfiltration(state)
  const reached = reachable(state.defined, state.mentions)
  const calls = state.found.map(
    ({ inside, ...call }): PythonCall =>
      call.time === 'function' && reached.has(inside) ? { ...call, time: 'import' } : call,
  )
  return { imports: [...new Set(state.imports)], calls: worstFirst(calls).slice(0, maxKept) }
}

function callsIn(text: string, nested: number): PythonCall[] {
  try {
    return analyzePython(text, nested).calls
  } catch (error) {
    if (!(error instanceof NotPython)) throw error
    return []
  }
}

/** Taking what only the machine knows, beside a way out to the network. */
function noteExfiltration({ found, secrets, wholeEnvironment }: State): void {
  const sends = found.find(({ kind }) => kind === 'send' || kind === 'fetch')
  const taken = secrets >= 0 ? secrets : wholeEnvironment
  if (sends === undefined || taken < 0) return
  const what = secrets >= 0 ? 'credentials of the machine' : 'its environment'
  found.push({ ...sends, kind: 'exfiltrate', name: `${sends.name} beside ${what}`, offset: taken })
}

function worstFirst(calls: PythonCall[]): PythonCall[] {
  const order = [
    'exfiltrate',
    'hidden-code',
    'process',
    'code',
    'native',
    'unpickle',
    'hidden-name',
    'sensitive',
    'send',
    'remove',
    'remote-code',
    'write',
    'fetch',
    'load-weights',
  ]
  return calls.sort(
    (a, b) =>
      Number(a.time === 'function') - Number(b.time === 'function') || order.indexOf(a.kind) - order.indexOf(b.kind),
  )
}
