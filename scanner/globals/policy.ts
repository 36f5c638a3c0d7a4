import { createHash } from 'node:crypto'
import { boostingAllowed } from './allowed/boosting.ts'
import { numpyAllowed } from './allowed/numpy.ts'
import { pandasAllowed } from './allowed/pandas.ts'
import { pythonAllowed } from './allowed/python.ts'
import { scientificAllowed } from './allowed/scientific.ts'
import { sklearnAllowed } from './allowed/sklearn.ts'
import { torchAllowed } from './allowed/torch.ts'
import { trainingAllowed } from './allowed/training.ts'
import { denied } from './denied.ts'
import { python3Name } from './python2.ts'

import type { Action, AllowedGroup, Condition } from './types.ts'

export { python3Name }

/** What is allowed with one global. */
export type Permission = { may: ReadonlySet<Action>; when?: Condition }

const groups: readonly AllowedGroup[] = [
  ...pythonAllowed,
  ...numpyAllowed,
  ...torchAllowed,
  ...sklearnAllowed,
  ...scientificAllowed,
  ...pandasAllowed,
  ...boostingAllowed,
  ...trainingAllowed,
]

const permissions: ReadonlyMap<string, Permission> = compile()
const reasons: ReadonlyMap<string, string> = new Map(
  denied.flatMap(({ does, modules = [], names = [] }) =>
    [...modules, ...names].map((name): [string, string] => [name, does]),
  ),
)

/** Modules that other modules import, which makes them reachable through those. */
const aims: ReadonlySet<string> = new Set(
  'os posix nt subprocess sys importlib socket ctypes pickle shutil pty runpy marshal multiprocessing threading'.split(
    ' ',
  ),
)

/** Changes with the lists: verdicts on stored facts are then made anew. */
export const policyVersion: string = createHash('sha256')
  .update(JSON.stringify([groups, denied]))
  .digest('hex')
  .slice(0, 12)

/** Number of names on the allow-list. */
export const allowedCount: number = permissions.size

/** What a pickle may do with this global; undefined when it is not on the allow-list. */
export function permissionOf(module: string, name: string): Permission | undefined {
  const now = python3Name(module, name)
  return permissions.get(`${now.module}\n${now.name}`)
}

export function isAllowed(module: string, name: string, action: Action): boolean {
  const permission = permissionOf(module, name)
  return permission !== undefined && (action === 'import' || permission.may.has(action))
}

/**
 * What a global known from attacks does, as the end of "It …"; undefined when nothing is known of it, which means nothing good.
 * Every part of a dotted path counts, so that `torch.serialization.os.system` is found as `os.system`.
 */
export function deniedReason(module: string, name: string): string | undefined {
  const now = python3Name(module, name)
  for (const [ofModule, ofName] of [
    [now.module, now.name],
    [module, name],
  ]) {
    const parts = `${ofModule}.${ofName}`.split('.', 32).map((part) => part.trim())
    for (let from = 0; from < parts.length; from++) {
      for (let to = parts.length; to > from; to--) {
        const reason = reasons.get(parts.slice(from, to).join('.'))
        if (reason === undefined) continue
        // Within a path a single word is more often a name than a module, unless it is one of the usual aims.
        if (from === 0 || to - from > 1 || (aims.has(parts[from] ?? '') && to < parts.length)) return reason
      }
    }
  }
  return undefined
}

function compile(): Map<string, Permission> {
  const all = new Map<string, Permission>()
  for (const { may, when, names } of groups) {
    for (const [module, list] of Object.entries(names)) {
      for (const name of list.split(' ')) {
        const key = `${module}\n${name}`
        const before = all.get(key)
        all.set(key, {
          may: new Set([...(before?.may ?? []), ...may]),
          ...(when === undefined && before?.when === undefined ? {} : { when: when ?? before?.when }),
        } as Permission)
      }
    }
  }
  return all
}
