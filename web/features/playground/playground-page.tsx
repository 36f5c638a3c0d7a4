import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useRoutes, useVersionInfo } from '../../app/use-serving.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { CodeSamples } from './code-samples.tsx'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { defaults, Parameters, type ParameterValues, toCall } from './parameters.tsx'
import { useChat } from './use-chat.ts'
import { playgroundText } from './words.ts'

const route = getRouteApi('/app/playground')
const words = playgroundText.playground

export function PlaygroundPage() {
  const { model: asked } = route.useSearch()
  const navigate = useNavigate()
  const routes = useRoutes()
  const info = useVersionInfo()
  const [values, setValues] = useState<ParameterValues>(defaults)
  const [showCode, setShowCode] = useState(false)
  const chat = useChat(info.data?.gatewayUrl)
  const callable = (routes.data ?? []).filter((route) => route.targets.some((target) => target.carried))
  const model = callable.some((route) => route.name === asked) ? asked : callable[0]?.name
  const { busy, stop } = chat
  useEffect(() => {
    if (!busy) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('[role="dialog"]') === null) stop()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [busy, stop])
  const failed = routes.isError ? routes : info.isError ? info : undefined
  const body =
    failed !== undefined ? (
      <div className="p-4 md:p-6">
        <h1 className="mb-4 text-xl font-semibold">{words.title}</h1>
        <ProblemBox error={failed.error} onRetry={() => void failed.refetch()} />
      </div>
    ) : routes.data === undefined || info.data === undefined ? (
      <div className="p-4 md:p-6">
        <h1 className="sr-only">{words.title}</h1>
        <SkeletonCard lines={6} />
      </div>
    ) : model === undefined ? (
      <div className="p-4 md:p-6">
        <h1 className="mb-4 text-xl font-semibold">{words.title}</h1>
        <Empty
          action={
            <ButtonLink look="ink" to="/models">
              {words.toCatalog}
            </ButtonLink>
          }
          title={words.emptyTitle}
        >
          {words.empty}
        </Empty>
      </div>
    ) : (
      <div className="md:grid md:h-[calc(100dvh-var(--top))] xl:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex min-h-0 min-w-0 flex-col px-4 py-4 md:px-6">
          <div className="mb-3 flex flex-wrap items-end gap-3">
            <h1 className="sr-only">{words.title}</h1>
            <div className="min-w-0 grow basis-56 md:max-w-md">
              <Field label={words.model}>
                {(wired) => (
                  <Select
                    {...wired}
                    onChange={(event) =>
                      void navigate({ to: '/playground', search: { model: event.target.value }, replace: true })
                    }
                    value={model}
                  >
                    {callable.map((route) => (
                      <option key={route.id} value={route.name}>
                        {route.name}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            </div>
            <div className="ml-auto flex gap-2">
              {chat.turns.length > 0 && (
                <Button look="quiet" onClick={chat.clear} reason={chat.busy ? words.streaming : null}>
                  {words.clear}
                </Button>
              )}
              <Button icon="code" onClick={() => setShowCode(true)}>
                {words.code}
              </Button>
            </div>
          </div>
          <Conversation model={model} turns={chat.turns} />
          <Composer
            busy={chat.busy}
            onSend={(question) => void chat.send(question, values.system, toCall(model, values))}
            onStop={chat.stop}
          />
        </div>
        <Parameters onChange={setValues} values={values} />
        {showCode && (
          <Dialog onClose={() => setShowCode(false)} open title={words.code} wide>
            <CodeSamples gatewayUrl={info.data.gatewayUrl} model={model} prompt={chat.turns.at(-1)?.question} />
          </Dialog>
        )}
      </div>
    )
  return (
    <Page bare title={words.title}>
      {body}
    </Page>
  )
}
