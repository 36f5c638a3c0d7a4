import { Page, PageHead } from '../../app/page.tsx'
import { text } from '../../text.ts'
import { BenchmarkList } from './benchmark-list.tsx'

export function BenchmarksPage() {
  return (
    <Page title={text.benchmarks.title}>
      <PageHead note={text.benchmarks.note} title={text.benchmarks.title} />
      <BenchmarkList empty={text.benchmarks.empty} />
    </Page>
  )
}
