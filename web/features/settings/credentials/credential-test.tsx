import { type Credential, useProviders } from '../../../app/use-providers.ts'
import { StatusText } from '../../../ui/chip.tsx'
import type { Status } from '../../../ui/status.ts'
import { Time } from '../../../ui/time.tsx'
import { credentialWords as words } from '../words.ts'

/** The provider said no. Anything else that went wrong says nothing about the credential. */
const refusals = new Set(['key_refused', 'no_permission', 'region_refused'])

const testStatus = (test: Credential['lastTest']): Status =>
  test === null
    ? { tone: 'part', icon: 'circle-dashed', label: words.notTested, quiet: true }
    : test.ok
      ? { tone: 'pass', icon: 'circle-check', label: words.holds, quiet: true }
      : refusals.has(test.code)
        ? { tone: 'fail', icon: 'octagon', label: words.refused, quiet: false }
        : { tone: 'warn', icon: 'alert', label: words.notProved, quiet: false }

/** Whether the provider took it when it was last asked, and when that was. */
export function CredentialTest({ credential }: { credential: Credential }) {
  return (
    <span className="inline-flex items-center gap-2 align-middle whitespace-nowrap">
      <StatusText status={testStatus(credential.lastTest)} />
      {credential.lastTest !== null && (
        <span className="text-xs text-fg-3">
          <Time at={credential.lastTest.at} />
        </span>
      )}
    </span>
  )
}

/** What is stored, without what is secret: `API key ends in 4f2c`. */
export function Holds({ credential }: { credential: Credential }) {
  const provider = useProviders().data?.find(({ kind }) => kind === credential.kind)
  const titleOf = (name: string) => provider?.fields.find((field) => field.name === name)?.title ?? name
  const open = Object.entries(credential.fields).map(([name, value]) => `${titleOf(name)} ${value}`)
  const secret = credential.secrets.map(
    ({ name, hint }) => `${titleOf(name)} ${hint === null ? words.stored : words.endsIn(hint)}`,
  )
  return <>{[...open, ...secret].join(' · ')}</>
}
