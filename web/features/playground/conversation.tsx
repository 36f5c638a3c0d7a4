import { type ReactNode, useEffect, useRef } from 'react'
import { count, latency, shortId, speed } from '../../format.ts'
import { text } from '../../text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { type ChatMeasure, GatewayError } from './chat-stream.ts'
import type { Turn } from './use-chat.ts'
import { playgroundText } from './words.ts'

const words = playgroundText.playground

/** The turns so far. A stream announces its start and end, not its tokens. */
export function Conversation({ turns, model }: { turns: Turn[]; model: string }) {
  const end = useRef<HTMLDivElement>(null)
  const last = turns.at(-1)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [last?.answer, turns.length])
  const state =
    last === undefined
      ? ''
      : last.state === 'streaming'
        ? words.streaming
        : last.state === 'done'
          ? words.ended
          : words.stopped
  return (
    <div
      aria-label={words.title}
      className="min-h-64 grow overflow-y-auto rounded-card"
      role="region"
      // The conversation scrolls inside, so the keyboard has to reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <p aria-live="polite" className="sr-only">
        {state}
      </p>
      {turns.length === 0 && (
        <p className="grid h-full min-h-64 place-items-center rounded-card border border-dashed border-line-2 p-6 text-center text-fg-3">
          {words.begin}
        </p>
      )}
      <div className="grid gap-4">
        {turns.map((turn) => (
          <TurnView key={turn.id} model={model} turn={turn} />
        ))}
      </div>
      <div ref={end} />
    </div>
  )
}

function TurnView({ turn, model }: { turn: Turn; model: string }) {
  return (
    <div className="grid gap-3">
      <div className="ml-auto max-w-[85%] rounded-card border border-line bg-sunken px-4 py-2.5 text-md break-words whitespace-pre-wrap">
        <span className="sr-only">{words.you}: </span>
        {turn.question}
      </div>
      <article className="rounded-card border border-line bg-surface">
        <header className="flex items-center gap-2.5 border-b border-line px-4 py-2">
          <Monogram name={model} size={24} />
          <h2 className="min-w-0 grow truncate font-medium">{model}</h2>
          {turn.state === 'streaming' && <Icon className="turning text-accent-fg" name="loader" />}
          {turn.state === 'done' && <Icon className="text-pass-fg" name="circle-check" />}
          {turn.state === 'stopped' && <span className="text-xs text-fg-3">{words.stopped}</span>}
        </header>
        <div className="px-4 py-3">
          {turn.answer !== '' && (
            <p className="max-w-[72ch] text-md break-words whitespace-pre-wrap">
              {turn.answer}
              {turn.state === 'streaming' && (
                <span aria-hidden="true" className="ml-0.5 inline-block h-4 w-1.5 bg-fg align-text-bottom" />
              )}
            </p>
          )}
          {turn.answer === '' && turn.state === 'streaming' && <p className="text-fg-3">{words.streaming}</p>}
          {turn.state === 'failed' && <Failure error={turn.error} />}
        </div>
        {turn.measure !== null && <Measures measure={turn.measure} />}
      </article>
    </div>
  )
}

function Measures({ measure }: { measure: ChatMeasure }) {
  const here = (source: string) => <OriginMark origin="measured" source={source} />
  const { promptTokens, completionTokens } = measure
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 border-t border-line px-4 py-2.5">
      <Figure
        label={words.ttft}
        mark={here(words.measuredHere)}
        value={measure.ttftMs === null ? null : latency(measure.ttftMs)}
      />
      <Figure
        label={words.speed}
        mark={here(words.measuredSpeed)}
        value={measure.tokensPerSecond === null ? null : `${speed(measure.tokensPerSecond)} tok/s`}
      />
      <Figure
        label={words.tokens}
        mark={<OriginMark origin="provider_reported" source={words.tokensFrom} />}
        value={
          promptTokens === null || completionTokens === null
            ? null
            : `${count(promptTokens)}, ${count(completionTokens)}`
        }
      />
      {measure.requestId !== null && (
        <Figure label={words.request} value={<code className="text-xs">{shortId(measure.requestId)}</code>} />
      )}
      {measure.finish !== null && measure.finish !== 'stop' && (
        <p className="ml-auto self-end text-xs text-fg-3">{words.finish(measure.finish)}</p>
      )}
    </dl>
  )
}

function Figure({ label, value, mark }: { label: string; value: ReactNode; mark?: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-2xs text-fg-3">{label}</dt>
      <dd className="flex items-center gap-1.5 font-medium">
        {value ?? <span className="font-normal text-fg-3">{text.common.unknown}</span>}
        {value !== null && mark}
      </dd>
    </div>
  )
}

function Failure({ error }: { error: unknown }) {
  if (!(error instanceof GatewayError)) return <ProblemBox error={error} live />
  return (
    <div className="rounded-control border border-fail-line bg-fail-soft px-3 py-2.5" role="alert">
      <p className="font-medium break-words">
        <Sentence>{error.message}</Sentence>
      </p>
      {error.remedy !== undefined && (
        <p className="mt-0.5 text-fg-2">
          <Sentence>{error.remedy}</Sentence>
        </p>
      )}
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-fg-2">
        {error.code !== undefined && (
          <span>
            {text.problem.code} <code>{error.code}</code>
          </span>
        )}
        {error.requestId !== undefined && (
          <span>
            {text.problem.request} <code>{error.requestId}</code>
          </span>
        )}
      </p>
    </div>
  )
}
