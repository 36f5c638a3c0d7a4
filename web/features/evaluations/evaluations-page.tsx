import { Page, PageHead } from '../../app/page.tsx'
import { text } from '../../text.ts'
import { EvaluationList } from './evaluation-list.tsx'

export function EvaluationsPage() {
  return (
    <Page title={text.evaluations.title}>
      <PageHead note={text.evaluations.note} title={text.evaluations.title} />
      <EvaluationList empty={text.evaluations.empty} />
    </Page>
  )
}
