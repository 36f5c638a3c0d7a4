import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { Empty } from '../../../ui/empty.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonCard, SkeletonRows } from '../../../ui/skeleton.tsx'
import type { Version } from '../use-model.ts'
import { AttachedCard } from './attached-card.tsx'
import { ChainCard } from './chain-card.tsx'
import { DecisionCard } from './decision-card.tsx'
import { GivenAnswers } from './given-answers.tsx'
import { LicenseText, type TextHandle } from './license-text.tsx'
import { Obligations } from './obligations.tsx'
import { QuestionTable } from './question-table.tsx'
import { SummaryStrip } from './summary-strip.tsx'
import { useLicense } from './use-license.ts'
import { questionWords, licenseWords as words } from './words.ts'

const route = getRouteApi('/app/models/$')

/** What the license allows here, question by question, beside the model's own text. */
export function TabLicense({ version, splat }: { version: Version; splat: string }) {
  const license = useLicense(version)
  const { question } = route.useSearch()
  const navigate = useNavigate()
  const textHandle = useRef<TextHandle>(null)
  const answers = license.data?.answers ?? []
  const chosen = answers.find(({ id }) => id === question)
  const choose = (id: string | undefined) =>
    void navigate({
      to: '/models/$',
      params: { _splat: splat },
      search: { tab: 'license', ...(id === undefined ? {} : { question: id }) },
      replace: true,
      resetScroll: false,
    })
  const move = (step: number) => {
    const at = chosen === undefined ? -1 : answers.indexOf(chosen)
    const next = answers[at < 0 ? 0 : Math.max(0, Math.min(answers.length - 1, at + step))]
    if (next !== undefined) choose(next.id)
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ...(chosen === undefined ? {} : { Escape: () => choose(undefined) }),
  })
  if (license.isError) return <ProblemBox error={license.error} onRetry={() => void license.refetch()} />
  if (license.data === undefined) {
    return (
      <div className="grid grid-cols-1 gap-3">
        <SkeletonCard lines={2} />
        <SkeletonRows rows={10} />
      </div>
    )
  }
  const { data } = license
  if (data.at === null) return <Empty title={words.emptyTitle}>{words.empty}</Empty>
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_27rem]">
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <SummaryStrip license={data} />
        {answers.length === 0 ? (
          <Empty title={questionWords.noneTitle}>{questionWords.noneBody}</Empty>
        ) : (
          <QuestionTable
            chosen={chosen}
            license={data}
            onChoose={choose}
            onShow={() => textHandle.current?.show()}
            version={version}
          />
        )}
        <Obligations license={data} />
        <ChainCard chain={data.chain} />
        <GivenAnswers answers={answers} version={version} />
        <DecisionCard license={data} version={version} />
        <AttachedCard attached={data.attached} version={version} />
      </div>
      <LicenseText chosen={chosen} license={data} ref={textHandle} version={version} />
      <p className="text-xs text-fg-3 xl:col-span-2">
        {words.disclaimer} {data.rules !== null && words.rules(data.rules)}
      </p>
    </div>
  )
}
