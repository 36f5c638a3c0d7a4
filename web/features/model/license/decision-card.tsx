import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { useCan } from '../../../app/session.ts'
import { dayTime, shortId } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import type { Version } from '../use-model.ts'
import { DecisionDialog } from './decision-dialog.tsx'
import { type Assessment, useAccept, useAcceptances, useDecisions } from './use-license.ts'
import { purposeWords, decisionWords as words } from './words.ts'

type Decision = Schema<'LicenseDecision'>

/** Who decided about the license and why, and who accepted which text. */
export function DecisionCard({ version, license }: { version: Version; license: Assessment }) {
  const can = useCan()
  const accept = useAccept(version)
  const [open, setOpen] = useState<'decide' | 'accept' | null>(null)
  const { fileSha256: sha } = license
  return (
    <Card>
      <CardHead note={words.note} title={words.title}>
        <Button
          icon="check"
          onClick={() => setOpen('accept')}
          reason={sha === null ? words.noText : can('model.write') ? null : words.mayNotAccept}
          small
        >
          {words.accept}
        </Button>
        <Button
          icon="stamp"
          onClick={() => setOpen('decide')}
          reason={can('model.approve') ? null : words.mayNotDecide}
          small
        >
          {words.decide}
        </Button>
      </CardHead>
      <div className="grid gap-3 px-4 pb-4">
        <Decisions version={version} />
        <Acceptances version={version} />
      </div>
      {open === 'decide' && <DecisionDialog onClose={() => setOpen(null)} version={version} />}
      {open === 'accept' && sha !== null && (
        <ConfirmDialog
          onClose={() => setOpen(null)}
          request={{
            title: words.acceptTitle,
            body: words.acceptBody(shortId(sha)),
            action: words.accept,
            run: () => accept.mutateAsync(sha),
          }}
        />
      )}
    </Card>
  )
}

function Decisions({ version }: { version: Version }) {
  const decisions = useDecisions(version)
  const items = decisions.data?.pages.flatMap((page) => page.items) ?? []
  if (decisions.isError) return <ProblemBox error={decisions.error} onRetry={() => void decisions.refetch()} />
  if (decisions.isPending) return null
  if (items.length === 0) return <p className="text-fg-2">{words.none}</p>
  return (
    <>
      <ul className="grid gap-2.5">
        {items.map((item) => (
          <DecisionLine item={item} key={item.id} />
        ))}
      </ul>
      {decisions.hasNextPage && (
        <ShowMore
          busy={decisions.isFetchingNextPage}
          hasMore
          onMore={() => void decisions.fetchNextPage()}
          shown={items.length}
        />
      )}
    </>
  )
}

function DecisionLine({ item }: { item: Decision }) {
  const approved = item.decision === 'approved'
  return (
    <li>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <StatusText
          status={{
            tone: !item.inForce ? 'part' : approved ? 'pass' : 'fail',
            icon: !item.inForce ? 'minus' : approved ? 'circle-check' : 'octagon',
            label: approved ? words.approved : words.rejected,
            quiet: approved || !item.inForce,
          }}
        />
        <span className="text-xs text-fg-3">
          {words.by(item.decidedBy)}, {dayTime(item.createdAt)}
          {item.expiresAt !== null && `, ${words.until} ${dayTime(item.expiresAt)}`}
          {item.purpose !== null && `, ${purposeWords[item.purpose]}`}
          {!item.inForce && `, ${words.notInForce}`}
        </span>
      </p>
      <p className="break-words text-fg-2">“{item.reason}”</p>
      {item.conditions !== null && (
        <p className="text-xs break-words text-fg-2">
          {words.conditions}: {item.conditions}
        </p>
      )}
    </li>
  )
}

function Acceptances({ version }: { version: Version }) {
  const acceptances = useAcceptances(version)
  const items = acceptances.data?.pages.flatMap((page) => page.items) ?? []
  if (acceptances.isError) return <ProblemBox error={acceptances.error} onRetry={() => void acceptances.refetch()} />
  if (acceptances.isPending) return null
  return (
    <div className="border-t border-line pt-3">
      {items.length === 0 ? (
        <p className="text-fg-2">{words.notAccepted}</p>
      ) : (
        <ul className="grid gap-1">
          {items.map((item) => (
            <li className="flex flex-wrap items-center gap-x-2" key={item.id}>
              <StatusText
                status={{
                  tone: item.current ? 'pass' : 'part',
                  icon: item.current ? 'circle-check' : 'minus',
                  label: words.accepted(item.acceptedBy),
                  quiet: true,
                }}
              />
              <span className="text-xs text-fg-3">
                {dayTime(item.acceptedAt)}, <code title={item.textSha256}>{shortId(item.textSha256)}</code>
                {!item.current && `, ${words.old}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {acceptances.hasNextPage && (
        <ShowMore
          busy={acceptances.isFetchingNextPage}
          hasMore
          onMore={() => void acceptances.fetchNextPage()}
          shown={items.length}
        />
      )}
    </div>
  )
}
