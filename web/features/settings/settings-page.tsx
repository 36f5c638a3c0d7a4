import { useState } from 'react'
import { themeOptions } from '../../app/account-menu.tsx'
import { useCan, useViewer } from '../../app/session.ts'
import { setTheme, useTheme } from '../../app/theme.ts'
import { useVersionInfo } from '../../app/use-serving.ts'
import { text } from '../../text.ts'
import { Card, CardHead, Fact, Facts } from '../../ui/card.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonCard, SkeletonRows } from '../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { SettingsFrame } from './settings-frame.tsx'
import { usePeople } from './use-people.ts'

const words = text.settings

export function SettingsPage() {
  const viewer = useViewer()
  const can = useCan()
  return (
    <SettingsFrame at="/settings" title={words.title}>
      <div className="grid max-w-4xl gap-4">
        <Appearance />
        {viewer !== null && (
          <Card>
            <CardHead title={words.account} />
            <Facts wide>
              <Fact label={words.name}>{viewer.name}</Fact>
              <Fact label={words.email}>{viewer.email ?? text.common.notApplicable}</Fact>
              <Fact label={words.roles}>{viewer.roles.map(text.account.role).join(', ')}</Fact>
              <Fact label={words.permissions}>
                <code className="text-xs text-fg-2">{viewer.permissions.join(', ')}</code>
              </Fact>
            </Facts>
          </Card>
        )}
        {can('admin') && <People />}
        <About />
      </div>
    </SettingsFrame>
  )
}

function Appearance() {
  const theme = useTheme()
  const [density, setDensity] = useState(document.documentElement.dataset.density ?? 'comfortable')
  const choose = (next: string) => {
    setDensity(next)
    if (next === 'compact') document.documentElement.dataset.density = next
    else delete document.documentElement.dataset.density
    try {
      localStorage.setItem('modelhub.density', next === 'compact' ? next : '')
    } catch {
      // Without storage the choice cannot outlive the page.
    }
  }
  return (
    <Card>
      <CardHead note={words.kept} title={words.appearance} />
      <Facts wide>
        <Fact label={words.theme}>
          <Segmented label={words.theme} onChange={setTheme} options={themeOptions} value={theme} />
        </Fact>
        <Fact label={words.density}>
          <Segmented
            label={words.density}
            onChange={choose}
            options={[
              { value: 'comfortable', label: words.densities.comfortable },
              { value: 'compact', label: words.densities.compact },
            ]}
            value={density}
          />
        </Fact>
      </Facts>
    </Card>
  )
}

function People() {
  const people = usePeople(true)
  return (
    <section>
      <h2 className="mb-2 text-md font-semibold">{words.people}</h2>
      {people.isError ? (
        <ProblemBox error={people.error} onRetry={() => void people.refetch()} />
      ) : people.data === undefined ? (
        <SkeletonRows rows={2} />
      ) : (
        <Table caption={words.peopleCaption}>
          <thead>
            <tr>
              <Th>{words.name}</Th>
              <Th>{words.email}</Th>
              <Th>{words.roles}</Th>
              <Th numeric>{words.added}</Th>
            </tr>
          </thead>
          <tbody>
            {people.data.map((person) => (
              <Tr key={person.id}>
                <Td className="font-medium">{person.name}</Td>
                <Td className="text-fg-2">{person.email}</Td>
                <Td className="text-fg-2">{person.roles.map(text.account.role).join(', ')}</Td>
                <Td className="text-fg-2" numeric>
                  <Time at={person.createdAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  )
}

function About() {
  const info = useVersionInfo()
  if (info.isError) return <ProblemBox error={info.error} onRetry={() => void info.refetch()} />
  if (info.data === undefined) return <SkeletonCard />
  return (
    <Card>
      <CardHead title={words.about} />
      <Facts wide>
        <Fact label={words.version}>{info.data.version}</Fact>
        <Fact label={words.gateway}>
          <code className="text-xs">{info.data.gatewayUrl}/v1</code>
        </Fact>
        <Fact label={words.ruleset}>{info.data.ruleset}</Fact>
        <Fact label={words.database}>{info.data.database}</Fact>
        <Fact label={words.node}>{info.data.node}</Fact>
        <Fact label={words.openapi}>
          <a className="rounded-tag text-accent-fg hover:underline" href="/openapi.json">
            /openapi.json
          </a>
        </Fact>
      </Facts>
      <p className="border-t border-line px-4 py-3 text-xs text-fg-3">{words.icons}</p>
    </Card>
  )
}
