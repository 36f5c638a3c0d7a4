import { useState } from 'react'
import { useCan } from '../../app/session.ts'
import { type Language, snippet } from '../../app/snippets.ts'
import { useRoutes, useVersionInfo } from '../../app/use-serving.ts'
import { text } from '../../text.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Card, CardHead } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Bone } from '../../ui/skeleton.tsx'
import { PullSnippet } from './pull-snippet.tsx'
import type { Version } from './use-model.ts'
import { pullWords } from './words.ts'

const words = text.model.use

/** How to call and how to pull the version, shown before it is published so that code can be prepared. */
export function SnippetCard({ version }: { version: Version }) {
  const chats = version.endpoints.length === 0 || version.endpoints.includes('chat.completions')
  const [way, setWay] = useState<'call' | 'pull'>(chats || version.hosted !== null ? 'call' : 'pull')
  return (
    <Card>
      <CardHead title={words.title}>
        {version.hosted === null && (
          <Segmented
            label={pullWords.label}
            onChange={setWay}
            options={[
              { value: 'call', label: pullWords.call },
              { value: 'pull', label: pullWords.pull },
            ]}
            value={way}
          />
        )}
      </CardHead>
      {way === 'pull' ? (
        <PullSnippet version={version} />
      ) : chats ? (
        <Call version={version} />
      ) : (
        <p className="px-4 pb-4 text-fg-2">{words.noChat}</p>
      )}
    </Card>
  )
}

function Call({ version }: { version: Version }) {
  const info = useVersionInfo().data
  const routes = useRoutes().data
  const can = useCan()
  const [language, setLanguage] = useState<Language>('curl')
  const carried = routes?.find((route) =>
    route.targets.some((target) => target.versionId === version.id && target.carried),
  )
  const model = carried?.name ?? version.modelName
  const reached = version.hosted?.gateway.speaks ?? true
  if (!reached) return <p className="px-4 pb-4 break-words text-fg-2">{version.hosted?.gateway.reason}</p>
  return (
    <div className="grid grid-cols-1 gap-3 px-4 pb-4">
      <Segmented
        fill
        label={words.title}
        onChange={setLanguage}
        options={(['curl', 'python', 'javascript'] as const).map((value) => ({
          value,
          label: words.languages[value],
        }))}
        value={language}
      />
      {info === undefined ? (
        <Bone className="h-28" />
      ) : (
        <CodeBlock
          code={snippet(language, { gatewayUrl: info.gatewayUrl, model, prompt: words.prompt })}
          label={words.codeLabel(words.languages[language])}
        />
      )}
      <p className="text-xs text-fg-2">
        {version.state === 'published' ? `${words.route(model)} ${words.needsKey}` : words.notYet}
      </p>
      {version.state === 'published' && (
        <div className="flex flex-wrap gap-2">
          {can('key.write') && (
            <ButtonLink icon="key" search={{ create: model }} small to="/keys">
              {words.createKey}
            </ButtonLink>
          )}
          <ButtonLink icon="playground" search={{ model }} small to="/playground">
            {words.tryIt}
          </ButtonLink>
        </div>
      )}
    </div>
  )
}
