import { Link } from '@tanstack/react-router'
import type { Credential } from '../../../app/use-providers.ts'
import { Monogram } from '../../../ui/monogram.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { credentialWords as words } from '../words.ts'
import { CredentialTest, Holds } from './credential-test.tsx'

type Props = {
  items: Credential[]
  /** Id of the one that is open. */
  chosen: string | undefined
  active: number
  titleOf: (kind: string) => string
}

/** A table on wide windows, cards on a phone. */
export function CredentialTable(props: Props) {
  const { items, chosen, active, titleOf } = props
  const { columns } = words
  const open = chosen !== undefined
  return (
    <>
      <Table caption={words.caption} className="max-md:hidden">
        <thead>
          <tr>
            <Th>{columns.name}</Th>
            <Th className={open ? 'hidden' : 'max-lg:hidden'}>{columns.holds}</Th>
            <Th>{columns.test}</Th>
            <Th>{columns.used}</Th>
            <Th>{columns.by}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((credential, index) => (
            <Tr
              className="relative"
              data-row
              key={credential.id}
              selected={credential.id === chosen || index === active}
            >
              <Td className="max-w-72 min-w-44">
                <span className="flex items-center gap-3">
                  <Monogram name={titleOf(credential.kind)} />
                  <Identity credential={credential} titleOf={titleOf} />
                </span>
              </Td>
              <Td className={open ? 'hidden' : 'max-w-80 max-lg:hidden'}>
                <span className="block truncate text-fg-2">
                  <Holds credential={credential} />
                </span>
              </Td>
              <Td>
                <CredentialTest credential={credential} />
              </Td>
              <Td className="whitespace-nowrap text-fg-2">
                {credential.lastUsedAt === null ? words.never : <Time at={credential.lastUsedAt} />}
              </Td>
              <Td className="whitespace-nowrap text-fg-2">{words.users(credential.usedByCount)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <ul aria-label={words.caption} className="grid gap-2 md:hidden">
        {items.map((credential) => (
          <li className="relative rounded-card border border-line bg-surface p-4 hover:bg-hover" key={credential.id}>
            <span className="flex items-center gap-3">
              <Monogram name={titleOf(credential.kind)} />
              <Identity credential={credential} titleOf={titleOf} />
            </span>
            <p className="mt-2 break-words text-fg-2">
              <Holds credential={credential} />
            </p>
            <p className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <CredentialTest credential={credential} />
              <span className="text-xs text-fg-3">{words.usedByLine(words.users(credential.usedByCount))}</span>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Identity({ credential, titleOf }: { credential: Credential; titleOf: Props['titleOf'] }) {
  return (
    <span className="min-w-0">
      <Link
        className="block truncate font-medium after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        resetScroll={false}
        search={(now: Record<string, unknown>) => ({ ...now, show: credential.id })}
        title={credential.name}
        to="/settings/credentials"
      >
        {credential.name}
      </Link>
      <span className="block truncate text-xs text-fg-3">{titleOf(credential.kind)}</span>
    </span>
  )
}
