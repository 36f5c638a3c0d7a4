import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { BenchmarkList } from '../benchmarks/benchmark-list.tsx'
import { type Actions, answerOf } from './use-actions.ts'
import type { Readiness, Version } from './use-model.ts'

export function TabBenchmarks({
  version,
  actions,
  readiness,
}: {
  version: Version
  actions: Actions
  readiness: Readiness | undefined
}) {
  return (
    <BenchmarkList
      action={<RunButton actions={actions} name="run_benchmark" readiness={readiness} />}
      empty={text.model.benchmarksEmpty}
      versionId={version.id}
    />
  )
}

export function RunButton({
  name,
  actions,
  readiness,
}: {
  name: 'run_benchmark' | 'run_evaluation'
  actions: Actions
  readiness: Readiness | undefined
}) {
  const answer = answerOf(readiness, name)
  if (answer === undefined) return null
  return (
    <Button
      icon={name === 'run_benchmark' ? 'gauge' : 'flask'}
      onClick={() => actions.start(name)}
      reason={answer.allowed ? null : (answer.reason ?? text.problem.forbidden)}
    >
      {text.model.actions[name]}
    </Button>
  )
}
