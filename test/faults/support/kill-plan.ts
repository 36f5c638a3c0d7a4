import type { Part } from '../../e2e/support/processes.ts'
import type { Job } from '../../e2e/support/work.ts'

/** Which processes are killed, and where in an onboarding: some milliseconds after the journal said that a step began or was done. */
export type Kill = {
  which: Exclude<Part, 'other'> | 'all'
  step: string
  state: 'running' | 'done'
  afterMs: number
  /** An onboarding with benchmark and evaluation, which takes longer. */
  measured: boolean
}

/** What can be killed while a step runs: the children of some steps run then only. */
const atAnyTime = ['all', 'hub', 'control', 'all', 'control', 'gateway', 'engine'] as const
const childOf: Readonly<Record<string, readonly Kill['which'][]>> = {
  inspect: ['scanner'],
  probe: ['model'],
  benchmark: ['load', 'model', 'engine'],
  evaluate: ['model', 'engine'],
}
const afterDecision: readonly string[] = ['benchmark', 'evaluate']

/**
 * `count` kills: first one of everything in the middle of the copy, where most can be left behind, then one of a child and one of the
 * control plane; then one right after each step's begin and end, and the others at random instants of the steps by turns.
 * @param job an undisturbed onboarding with benchmark and evaluation
 */
export function planKills(job: Job, count: number, random: () => number): Kill[] {
  const steps = job.steps.filter(({ state }) => state === 'done')
  const place = (which: Kill['which'], name: string, state: Kill['state'], afterMs: number): Kill => ({
    which,
    step: name,
    state,
    afterMs: Math.round(afterMs),
    measured: afterDecision.includes(name) || (name === 'publish' && random() < 0.5),
  })
  const inside = (which: Kill['which'], name: string) => {
    const step = steps.find((one) => one.name === name)
    const tookMs = Date.parse(step?.finishedAt ?? '') - Date.parse(step?.startedAt ?? '')
    return place(which, name, 'running', random() * Math.max(tookMs, 1))
  }
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

  const first = [
    inside('all', 'ingest'),
    inside('scanner', 'inspect'),
    inside('control', pick(['ingest', 'inspect', 'probe'])),
  ]
  const turns = ['all', 'hub', 'control'] as const
  const boundaries = shuffle(
    steps.flatMap(({ name }) => (['running', 'done'] as const).map((state) => ({ name, state }))),
    random,
  ).map(({ name, state }, index) => place(turns[index % turns.length] ?? 'all', name, state, 0))
  const others = Array.from({ length: count }, (_none, index) => {
    const { name } = steps[index % steps.length] ?? { name: 'ingest' }
    const children = childOf[name] ?? []
    return inside(children.length > 0 && index % 2 === 0 ? pick(children) : pick(atAnyTime), name)
  })
  return [...first, ...boundaries, ...others].slice(0, count)
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
