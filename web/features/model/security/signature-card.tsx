import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { shortId } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead, Fact, Facts } from '../../../ui/card.tsx'
import { StatusText, Tag } from '../../../ui/chip.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import type { Status } from '../../../ui/status.ts'
import { Time } from '../../../ui/time.tsx'
import type { Version } from '../use-model.ts'
import { AddSignature } from './add-signature.tsx'
import { useSignatures, type VersionSignature } from './use-security.ts'
import { signatureWords as words } from './words.ts'

const looks: Record<VersionSignature['status'], Omit<Status, 'label'>> = {
  verified: { tone: 'pass', icon: 'circle-check', quiet: true },
  unknown_signer: { tone: 'warn', icon: 'alert', quiet: false },
  expired_signer: { tone: 'warn', icon: 'alert', quiet: false },
  signer_not_allowed: { tone: 'warn', icon: 'alert', quiet: false },
  changed_file: { tone: 'fail', icon: 'octagon', quiet: false },
  removed_file: { tone: 'fail', icon: 'octagon', quiet: false },
  added_file: { tone: 'fail', icon: 'octagon', quiet: false },
  signature_wrong: { tone: 'fail', icon: 'octagon', quiet: false },
  malformed: { tone: 'fail', icon: 'octagon', quiet: false },
  not_verifiable: { tone: 'part', icon: 'circle-dashed', quiet: false },
}

/** Who vouches for these bytes, and what the last check of each signature said. */
export function SignatureCard({ version }: { version: Version }) {
  const can = useCan()
  const signatures = useSignatures(version)
  const [adding, setAdding] = useState(false)
  const items = signatures.data?.pages.flatMap((page) => page.items) ?? []
  if (signatures.isError) return <ProblemBox error={signatures.error} onRetry={() => void signatures.refetch()} />
  if (signatures.isPending) return <SkeletonCard lines={2} />
  return (
    <Card>
      <CardHead note={words.note} title={words.title}>
        <Button icon="plus" onClick={() => setAdding(true)} reason={can('model.write') ? null : words.mayNot} small>
          {words.add}
        </Button>
      </CardHead>
      {items.length === 0 ? (
        <p className="px-4 pb-4 text-fg-2">
          <span className="font-medium text-fg">{words.noneTitle}.</span> {words.none}
        </p>
      ) : (
        <ul className="border-t border-line">
          {items.map((signature) => (
            <Line key={signature.id} signature={signature} />
          ))}
        </ul>
      )}
      {signatures.hasNextPage && (
        <div className="px-4 pb-3">
          <ShowMore
            busy={signatures.isFetchingNextPage}
            hasMore
            onMore={() => void signatures.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
      {adding && <AddSignature onClose={() => setAdding(false)} version={version} />}
    </Card>
  )
}

function Line({ signature }: { signature: VersionSignature }) {
  const { signer } = signature
  return (
    <li className="border-b border-line py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4">
        <StatusText status={{ ...looks[signature.status], label: words.statuses[signature.status] }} />
        <Tag>{words.origins[signature.origin]}</Tag>
        {signature.path !== null && <code className="text-xs break-all text-fg-3">{signature.path}</code>}
      </div>
      <p className="mt-1 px-4 break-words text-fg-2">
        {signature.message} {signature.remedy !== null && <Sentence>{signature.remedy}</Sentence>}
      </p>
      <div className="[&>dl]:py-2">
        <Facts wide>
          <Fact label={words.signer}>
            {signer.name ?? signer.identity ?? <span className="text-fg-3">{words.unknownSigner}</span>}
            {signer.name !== null && signer.identity !== null && (
              <span className="block text-xs break-all text-fg-3">{signer.identity}</span>
            )}
          </Fact>
          {signer.issuer !== null && <Fact label={words.issuer}>{signer.issuer}</Fact>}
          {signer.keyId !== null && (
            <Fact label={words.keyId}>
              <span className="inline-flex items-center gap-1">
                <code className="text-xs" title={signer.keyId}>
                  {shortId(signer.keyId)}
                </code>
                <CopyButton className="-my-1" label={words.copyKey} small value={signer.keyId} />
              </span>
            </Fact>
          )}
          {signer.expiresAt !== null && (
            <Fact label={words.expires}>
              <Time at={signer.expiresAt} full />
            </Fact>
          )}
          {signature.method !== null && <Fact label={words.method}>{words.methods[signature.method]}</Fact>}
          {signature.files !== null && <Fact label={words.files}>{words.filesValue(signature.files)}</Fact>}
          {signature.signedAt !== null && (
            <Fact label={words.signedAt}>
              <Time at={signature.signedAt} full />
            </Fact>
          )}
          <Fact label={words.checkedAt}>
            <Time at={signature.checkedAt} full />
          </Fact>
        </Facts>
      </div>
    </li>
  )
}
