import { deniedReason, permissionOf, python3Name } from '../globals/policy.ts'
import type { Action } from '../globals/types.ts'
import type { Json, Observation } from '../types.ts'
import type { GlobalName, Heap } from './heap.ts'

/** How a global was used, and what the policy said of it then. */
type Use = { global: number; action: Action; opcode: string; offset: number; count: number; evidence: string }

/** Collects what a pickle names and does, a bounded number of facts whatever its length. */
export type Uses = {
  /** A use that the allow-list covers. */
  allowed: (global: number, action: Action) => void
  /** A use it does not cover: of a name on no list, of a denied one, or beyond what an allowed one may do. */
  refused: (global: number, action: Action, opcode: string, offset: number, evidence: () => string) => void
  /** Anything else worth noting; `detail` is only asked for when it is kept. */
  note: (code: string, offset: number, detail: () => string, evidence?: () => string) => void
  /** True when anything was named or called. */
  any: () => boolean
  observations: () => Observation[]
  /** Module, name and what was done with each, in the order of appearance. */
  imports: () => Json[]
}

const maxKept = 100
const maxUses = 2_000
const maxListed = 300

/** @param offset where the part begins in the file */
export function createUses(heap: Pick<Heap, 'globals'>, offset: number): Uses {
  const allowed = new Map<number, Set<Action>>()
  const refused = new Map<string, Use>()
  const notes = new Map<string, Observation[]>()
  const counts = new Map<string, number>()
  let used = false

  function refuse(global: number, action: Action, opcode: string, at: number, evidence: () => string): void {
    used = true
    const key = `${global} ${action}`
    const before = refused.get(key)
    if (before !== undefined) {
      before.count++
      return
    }
    const { module = '', name = '' } = heap.globals[global] ?? {}
    // Unknown names must not crowd out those that are known to be dangerous.
    const overflow = refused.size >= (deniedReason(module, name) === undefined ? maxUses : 2 * maxUses)
    refused.set(overflow ? `more ${action}` : key, {
      global,
      action,
      opcode,
      offset: at,
      count: 1,
      evidence: evidence(),
    })
  }

  function note(code: string, at: number, detail: () => string, evidence?: () => string): void {
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    if (count > maxKept) return
    const kept = notes.get(code) ?? []
    kept.push({
      code,
      offset: offset + at,
      detail: detail(),
      ...(evidence === undefined ? {} : { evidence: evidence() }),
    })
    notes.set(code, kept)
  }

  return {
    allowed: (global, action) => {
      used = true
      const actions = allowed.get(global)
      if (actions === undefined) allowed.set(global, new Set([action]))
      else actions.add(action)
    },
    refused: refuse,
    note,
    any: () => used,
    observations: () => [
      ...[...refused.values()]
        .map((use) => refusal(use, heap.globals[use.global], offset))
        .filter(unlessCalled(refused)),
      ...[...notes.values()].flat(),
      ...listed(allowed, heap.globals, offset),
    ],
    imports: () =>
      heap.globals.slice(0, maxListed).map(({ module, name, opaque, offset: at }, global) => ({
        module: module.slice(0, 120),
        name: name.slice(0, 120),
        offset: offset + at,
        actions: [...new Set([...(allowed.get(global) ?? []), ...actionsRefused(refused, global)])],
        ...(opaque ? { computed: true } : {}),
      })),
  }
}

type Refusal = Observation & { global?: number }

/** A reference that is also called is told once, as the call. */
function unlessCalled(refused: ReadonlyMap<string, Use>): (seen: Refusal) => boolean {
  const called = new Set([...refused.values()].filter(({ action }) => action !== 'import').map(({ global }) => global))
  return (seen) => {
    const { global } = seen
    delete seen.global
    return global === undefined || !called.has(global)
  }
}

function actionsRefused(refused: ReadonlyMap<string, Use>, global: number): Action[] {
  return [...refused.values()].filter((use) => use.global === global).map(({ action }) => action)
}

const verbs: Record<Action, string> = {
  import: 'named',
  call: 'called',
  new: 'instantiated',
  build: 'given state',
  items: 'given items',
  append: 'given elements',
  array: 'used as an array class',
}

function refusal(use: Use, global: GlobalName | undefined, base: number): Refusal {
  const { module = '?', name = '?', opaque = true } = global ?? {}
  const { action, opcode, offset, count, evidence } = use
  const now = python3Name(module, name)
  const shown = opaque ? 'a callable whose name the stream computes' : `${module}.${name}`.slice(0, 120)
  const renamed = now.module === module && now.name === name ? '' : ` (${now.module}.${now.name} in Python 3)`
  const reason = opaque ? undefined : deniedReason(module, name)
  const times = count > 1 ? `, ${count} times` : ''
  const does = reason === undefined ? '' : `; it ${reason}`
  const detail = `${shown}${renamed}, ${verbs[action]} by ${opcode}${times}${does}`
  const seen = {
    offset: base + offset,
    detail,
    data: { module: module.slice(0, 120), name: name.slice(0, 120), action, opcode },
  }
  const more = evidence === '' ? {} : { evidence }
  const called = action !== 'import'
  if (opaque) return { code: called ? 'pickle.call-opaque' : 'pickle.computed-name', ...seen, ...more }
  const code =
    permissionOf(module, name) !== undefined
      ? 'pickle.call-refused'
      : reason !== undefined
        ? called
          ? 'pickle.call-denied'
          : 'pickle.reference-denied'
        : called
          ? torchScript(module, action)
            ? 'pickle.torchscript'
            : 'pickle.call-unlisted'
          : torchScript(module, action)
            ? 'pickle.torchscript'
            : 'pickle.reference'
  return { code, ...seen, ...more, ...(called ? {} : { global: use.global }) }
}

/** TorchScript invents its classes; Python has no such module to import, and the code behind them is in the archive. */
export function torchScript(module: string, action: Action): boolean {
  return /^__torch__(\.|$)/.test(module) && (action === 'import' || action === 'new' || action === 'build')
}

/** What the allow-list covered, so that stored facts can be judged by a later list. */
function listed(
  allowed: ReadonlyMap<number, Set<Action>>,
  globals: readonly GlobalName[],
  offset: number,
): Observation[] {
  if (allowed.size === 0) return []
  const uses = [...allowed].slice(0, maxListed).map(([global, actions]) => {
    const { module = '?', name = '?' } = globals[global] ?? {}
    return `${module} ${name} ${[...actions].join('+')}`.slice(0, 300)
  })
  return [{ code: 'pickle.uses', offset, data: { uses } }]
}
