import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { useCredentials, useProviders } from '../../../app/use-providers.ts'
import { latency } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { CheckRow, Field, Select } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { PanelPart } from '../../../ui/side-panel.tsx'
import type { Status } from '../../../ui/status.ts'
import { Time } from '../../../ui/time.tsx'
import { providerWords, offeringWords as words } from '../words.ts'
import type { Offering } from './offering-facts.ts'
import { useProbe } from './use-offerings.ts'

const capabilities = ['streaming', 'tools', 'json', 'vision'] as const
type Capability = (typeof capabilities)[number]

/** Whether it answers, asked on request: "Not run" can be run, "–" does not apply to this model. */
export function ProbePart({ offering }: { offering: Offering }) {
  const { probe } = offering
  // What gives no text cannot be asked for a token.
  const asks = offering.outputModalities?.includes('text') ?? true
  return (
    <PanelPart title={words.probe}>
      {!asks ? (
        <p className="text-fg-3">{text.common.notApplicable}</p>
      ) : (
        <>
          <div aria-live="polite">
            {probe === null ? (
              <StatusText status={{ tone: 'part', icon: 'circle-dashed', label: words.probeNotRun, quiet: true }} />
            ) : (
              <p>
                <StatusText status={liveStatus(probe)} />
                <span className="ml-2 text-xs text-fg-3">
                  <Time at={probe.at} />
                </span>
                {!probe.live && <span className="block break-words text-fg-2">{probe.message}</span>}
              </p>
            )}
            <ul className="mt-2 grid grid-cols-2 gap-x-10 gap-y-1">
              {capabilities.map((name) => (
                <li className="flex flex-wrap items-center justify-between gap-x-2" key={name}>
                  <span className="text-fg-3">{words.capabilities[name]}</span>
                  <Works value={worth(offering, name)} />
                </li>
              ))}
            </ul>
          </div>
          <Run offering={offering} />
        </>
      )}
    </PanelPart>
  )
}

const liveStatus = (probe: NonNullable<Offering['probe']>): Status =>
  probe.live
    ? {
        tone: 'pass',
        icon: 'circle-check',
        label: probe.ms === null ? words.liveNoTime : words.live(latency(probe.ms)),
        quiet: true,
      }
    : { tone: 'fail', icon: 'octagon', label: words.notLive, quiet: false }

/** "none": nobody tried; null: tried, and the answer does not tell, or left out. */
const worth = (offering: Offering, name: Capability): boolean | null | 'none' | 'not' =>
  name === 'vision' && offering.inputModalities !== null && !offering.inputModalities.includes('image')
    ? 'not'
    : offering.probe === null
      ? 'none'
      : offering.probe.capabilities[name]

function Works({ value }: { value: boolean | null | 'none' | 'not' }) {
  if (value === 'not') return <span className="text-fg-3">{text.common.notApplicable}</span>
  if (value === 'none') return <span className="text-fg-3">{words.probeNotRun}</span>
  if (value === null) {
    return (
      <span className="text-fg-3" title={words.unclear}>
        {text.common.unknown}
      </span>
    )
  }
  return (
    <StatusText
      status={
        value
          ? { tone: 'pass', icon: 'circle-check', label: words.works, quiet: true }
          : { tone: 'part', icon: 'x', label: words.worksNot, quiet: true }
      }
    />
  )
}

function Run({ offering }: { offering: Offering }) {
  const can = useCan()
  const may = can('offering.write') && can('credential.read')
  const defined = useProviders().data?.some(({ kind }) => kind === offering.provider)
  const credentials = useCredentials(offering.provider, may && defined === true).data
  const run = useProbe(offering.id)
  const [chosen, setChosen] = useState('')
  const [also, setAlso] = useState<Capability[]>([])
  if (!may) return <p className="mt-2 text-xs text-fg-3">{words.probeMayNot}</p>
  if (defined === false) return <p className="mt-2 text-xs text-fg-3">{words.probeNoDefinition}</p>
  if (credentials === undefined) return null
  const credential = credentials.find(({ id }) => id === chosen) ?? credentials[0]
  if (credential === undefined) {
    return (
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-xs text-fg-3">{words.probeNoCredential}</span>
        <ButtonLink icon="plus" search={{ create: offering.provider }} small to="/settings/credentials">
          {providerWords.addCredential}
        </ButtonLink>
      </div>
    )
  }
  const offered = capabilities.filter((name) => worth(offering, name) !== 'not')
  return (
    <div className="mt-3 grid gap-3">
      <p className="text-xs text-fg-3">{words.probeLead}</p>
      {credentials.length > 1 && (
        <Field label={words.probeCredential}>
          {(wired) => (
            <Select {...wired} onChange={(event) => setChosen(event.target.value)} value={credential.id}>
              {credentials.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <fieldset>
        <legend className="mb-1 text-xs text-fg-3">{words.probeAlso}</legend>
        <div className="flex flex-wrap gap-x-5">
          {offered.map((name) => (
            <CheckRow
              checked={also.includes(name)}
              key={name}
              label={words.capabilities[name]}
              onChange={(event) =>
                setAlso(event.target.checked ? [...also, name] : also.filter((other) => other !== name))
              }
            />
          ))}
        </div>
      </fieldset>
      <div>
        <Button
          busy={run.isPending}
          icon="play"
          onClick={() => run.mutate({ credential: credential.id, capabilities: also })}
          small
        >
          {words.probeRun}
        </Button>
      </div>
      {run.isError && <ProblemBox error={run.error} live />}
    </div>
  )
}
