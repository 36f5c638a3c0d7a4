import { Link } from '@tanstack/react-router'
import { text } from '../../../text.ts'
import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { suitabilityStatus } from './looks.ts'
import type { Assessment } from './use-license.ts'
import { stripWords, chainWords as words } from './words.ts'

/** What base models and adapters bring along; the strictest of them counts. */
export function ChainCard({ chain }: { chain: Assessment['chain'] }) {
  if (chain.length === 0) return null
  return (
    <Card>
      <CardHead note={words.note} title={words.title} />
      <Table caption={words.caption} className="rounded-t-none border-x-0 border-b-0">
        <thead>
          <tr>
            <Th>{words.columns.name}</Th>
            <Th>{words.columns.license}</Th>
            <Th className="max-md:hidden">{words.columns.class}</Th>
            <Th>{words.columns.suitability}</Th>
          </tr>
        </thead>
        <tbody>
          {chain.map((one) => (
            <Tr key={`${one.name} ${one.versionId}`}>
              <Td className="max-w-64">
                {one.versionId === null ? (
                  <>
                    <span className="break-words">{one.name}</span>
                    <span className="block text-xs text-fg-3">{stripWords.baseElsewhere}</span>
                  </>
                ) : (
                  <Link
                    className="rounded-tag font-medium break-words underline-offset-2 hover:underline"
                    params={{ _splat: one.name }}
                    search={{ tab: 'license' }}
                    to="/models/$"
                  >
                    {one.name}
                  </Link>
                )}
              </Td>
              <Td>
                <code className="text-xs break-words">{one.licenseId ?? text.common.unknown}</code>
              </Td>
              <Td className="text-fg-2 max-md:hidden">{stripWords.classes[one.class]}</Td>
              <Td>
                <StatusText status={suitabilityStatus(one.suitability)} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
