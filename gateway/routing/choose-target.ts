import type { SnapshotTarget } from '../../contract/index.ts'
import type { Resolved } from './resolve-model.ts'

/**
 * The targets to try, in order: each place is drawn by weight from those left. A target of weight 0 takes no traffic unless
 * the caller named its version.
 * @param random from 0 to below 1
 */
export function chooseTargets(resolved: Resolved, random: () => number): SnapshotTarget[] {
  const left = resolved.pinned ? [...resolved.targets] : resolved.targets.filter((target) => target.weight > 0)
  if (left.length < 2) return left
  const order: SnapshotTarget[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, target) => sum + weightOf(target), 0)
    let rest = random() * total
    let at = left.findIndex((target) => (rest -= weightOf(target)) < 0)
    if (at === -1) at = left.length - 1
    order.push(...left.splice(at, 1))
  }
  return order
}

const weightOf = (target: SnapshotTarget) => Math.max(target.weight, 1e-9)
