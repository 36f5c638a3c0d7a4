import { text } from '../../text.ts'
import { EvaluationList } from '../evaluations/evaluation-list.tsx'
import { RunButton } from './tab-benchmarks.tsx'
import type { Actions } from './use-actions.ts'
import type { Readiness, Version } from './use-model.ts'

export function TabEvaluations({
  version,
  actions,
  readiness,
}: {
  version: Version
  actions: Actions
  readiness: Readiness | undefined
}) {
  return (
    <EvaluationList
      action={<RunButton actions={actions} name="run_evaluation" readiness={readiness} />}
      empty={text.model.evaluationsEmpty}
      versionId={version.id}
    />
  )
}
