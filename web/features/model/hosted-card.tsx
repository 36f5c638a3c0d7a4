import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Schema } from '../../app/client.ts'
import { useCan } from '../../app/session.ts'
import { count, day, price } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, CardHead, Fact, Facts } from '../../ui/card.tsx'
import { StatusText } from '../../ui/chip.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { useHostedOffering } from './use-hosted.ts'
import type { Version } from './use-model.ts'
import { hostedWords as words } from './words.ts'

type Hosted = NonNullable<Version['hosted']>
type Fact = Schema<'SourcedFact'>

const origins = { human: 'human', provider: 'provider_reported', catalog: 'imported' } as const

/** Where a hosted version runs and what its provider asks for it, each value with who says so and when. */
export function HostedCard({ hosted }: { hosted: Hosted }) {
  const can = useCan()
  const offering = useHostedOffering(hosted.offeringId).data
  const facts = offering?.facts ?? {}
  return (
    <Card>
      <CardHead title={words.title} />
      <Facts>
        <Row label={words.provider}>
          {hosted.providerTitle}
          <code className="block text-xs break-all text-fg-3">{hosted.model}</code>
        </Row>
        <Row label={words.region}>{hosted.region ?? <Quiet>{words.noRegion}</Quiet>}</Row>
        <Row label={words.price}>
          {facts.inputPrice === undefined && facts.outputPrice === undefined ? (
            <Quiet>{text.common.unknown}</Quiet>
          ) : (
            <>
              <Money fact={facts.inputPrice} /> <span className="text-fg-3">·</span> <Money fact={facts.outputPrice} />{' '}
              <span className="text-xs text-fg-3">{words.perMillion}</span>
            </>
          )}
        </Row>
        <Row label={words.context}>
          <Said fact={facts.context} say={(value) => words.tokens(count(Number(value)))} />
        </Row>
        <Row label={words.retention}>
          <Said fact={facts.retention} say={String} />
        </Row>
        <Row label={words.regions}>
          <Said fact={facts.regions} say={(value) => (Array.isArray(value) ? value.join(', ') : String(value))} />
        </Row>
        {facts.deprecated !== undefined && (
          <Row label={words.ends}>
            <Said fact={facts.deprecated} say={(value) => day(String(value))} />
          </Row>
        )}
        <Row label={words.gateway}>
          <StatusText
            status={
              hosted.gateway.speaks
                ? { tone: 'pass', icon: 'circle-check', label: words.reached, quiet: true }
                : { tone: 'part', icon: 'minus', label: words.notReached, quiet: true }
            }
          />
          {hosted.gateway.reason !== null && (
            <span className="block text-xs break-words text-fg-3">{hosted.gateway.reason}</span>
          )}
        </Row>
        <Row label={words.credential}>
          {hosted.credentialId === null ? (
            <Quiet>{words.noCredential}</Quiet>
          ) : can('credential.read') ? (
            <Link
              className="rounded-tag text-accent-fg hover:underline"
              search={{ show: hosted.credentialId }}
              to="/settings/credentials"
            >
              {words.openCredential}
            </Link>
          ) : (
            text.common.yes
          )}
        </Row>
        <Row label={words.linked}>{hosted.date === null ? <Quiet>{words.notLinked}</Quiet> : day(hosted.date)}</Row>
      </Facts>
      {hosted.offeringId !== null && (
        <p className="border-t border-line px-4 py-2.5">
          <Link
            className="tap rounded-tag text-accent-fg hover:underline"
            search={{ provider: hosted.provider, show: hosted.offeringId }}
            to="/settings/offerings"
          >
            {words.all}
          </Link>
        </p>
      )}
    </Card>
  )
}

const Row = ({ label, children }: { label: string; children: ReactNode }) => <Fact label={label}>{children}</Fact>
const Quiet = ({ children }: { children: ReactNode }) => <span className="text-fg-3">{children}</span>

function Said({ fact, say }: { fact: Fact | undefined; say: (value: Fact['value']) => string }) {
  if (fact === undefined) return <Quiet>{text.common.unknown}</Quiet>
  return (
    <>
      {say(fact.value)} <OriginMark at={fact.at} origin={origins[fact.origin]} source={fact.source} />
    </>
  )
}

const Money = ({ fact }: { fact: Fact | undefined }) => <Said fact={fact} say={(value) => price(Number(value))} />
