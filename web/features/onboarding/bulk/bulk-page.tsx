import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Page, PageHead } from '../../../app/page.tsx'
import { useCan } from '../../../app/session.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { bulk, wizard } from '../words.ts'
import { BulkInputFields, useBulkInput } from './bulk-input.tsx'
import { type AllOptions, BulkOptionFields, optionsOf, startOptions } from './bulk-options.tsx'
import { isChosen, totalOf } from './bulk-rows.ts'
import { BulkTable } from './bulk-table.tsx'
import { BulkTotals } from './bulk-totals.tsx'
import { useBulk } from './use-bulk.ts'

const route = getRouteApi('/app/onboarding/bulk')
const words = bulk

/** Many sources at once: a list or a pattern, a preview in which nothing is registered, then a job for each. */
export function BulkPage() {
  const can = useCan()
  const crumbs = [{ label: text.nav.onboarding, to: '/onboarding' }]
  if (can('model.write')) {
    return (
      <Page crumbs={crumbs} title={words.title}>
        <PageHead title={words.title} />
        <Bulk />
      </Page>
    )
  }
  return (
    <Page crumbs={crumbs} title={words.title}>
      <PageHead title={words.title} />
      <Empty title={text.problem.forbidden}>{wizard.forbidden}</Empty>
    </Page>
  )
}

function Bulk() {
  const { by = 'list' } = route.useSearch()
  const navigate = useNavigate()
  const [input, change] = useBulkInput(by)
  const [options, setOptions] = useState<AllOptions>(startOptions)
  const [previewed, setPreviewed] = useState('')
  const { rows, truncated, patch, setRows, preview, start, recheck, clear } = useBulk()
  const now = JSON.stringify(input)
  const empty = (by === 'list' ? input.list : input.glob).trim() === ''
  const total = totalOf(rows)
  const changed = rows.length > 0 && previewed !== now
  const done = rows.filter(({ result }) => result.state === 'started').length
  const failed = rows.filter(({ result }) => result.state === 'failed').length
  const send = (keys: readonly string[]) => start.mutate({ keys, options: optionsOf(options) })
  return (
    <div className="grid max-w-6xl gap-4">
      <p className="-mt-2 text-fg-2">{words.lead}</p>
      <Card className="p-4">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (empty || preview.isPending) return
            setPreviewed(now)
            preview.mutate(input)
          }}
        >
          <BulkInputFields
            change={change}
            input={input}
            onBy={(next) => void navigate({ to: '/onboarding/bulk', search: { by: next }, replace: true })}
          />
          <div className="mt-4 flex flex-wrap items-center gap-3">
            <Button
              busy={preview.isPending}
              look={rows.length === 0 || changed ? 'ink' : 'outline'}
              reason={empty ? words.nothing : null}
              type="submit"
            >
              {rows.length === 0 ? words.preview : words.previewAgain}
            </Button>
            {changed && (
              <span className="inline-flex items-center gap-1.5 text-warn-fg">
                <Icon name="alert" size={14} />
                {words.changed}
              </span>
            )}
          </div>
        </form>
      </Card>
      {preview.isError && <ProblemBox error={preview.error} live />}
      {preview.isSuccess && rows.length === 0 && <Empty title={by === 'list' ? words.nothing : words.noMatch} />}
      {rows.length > 0 && (
        <>
          {truncated && (
            <p className="flex items-center gap-2 text-warn-fg" role="status">
              <Icon name="alert" />
              {words.truncated}
            </p>
          )}
          <BulkTable
            onRecheck={recheck}
            onRetry={(row) => send([row.key])}
            onTakeAll={(take) => setRows((all) => all.map((row) => ({ ...row, take: take && !row.twice })))}
            patch={patch}
            rows={rows}
          />
          <div className="grid gap-4 lg:grid-cols-2">
            <BulkOptionFields change={setOptions} options={options} />
            <BulkTotals
              busy={start.isPending}
              changed={changed}
              failed={failed}
              onClear={() => {
                clear()
                change({ list: '', glob: '' })
              }}
              onStart={() => send(rows.filter(isChosen).map(({ key }) => key))}
              rows={rows}
              started={done}
              total={total}
            />
          </div>
        </>
      )}
    </div>
  )
}
