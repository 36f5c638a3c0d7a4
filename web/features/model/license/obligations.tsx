import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import type { Status } from '../../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import type { Assessment } from './use-license.ts'
import { obligationWords as words } from './words.ts'

const look = (applies: boolean | null): Status =>
  applies === null
    ? { tone: 'part', icon: 'circle-dashed', label: words.applies.unknown, quiet: false }
    : applies
      ? { tone: 'warn', icon: 'alert', label: words.applies.yes, quiet: false }
      : { tone: 'part', icon: 'minus', label: words.applies.no, quiet: true }

/** What the license asks for, and whether it applies to this organization. */
export function Obligations({ license }: { license: Assessment }) {
  if (license.license === null) return null
  return (
    <Card>
      <CardHead title={words.title} />
      {license.obligations.length === 0 ? (
        <p className="px-4 pb-4 text-fg-2">{words.none}</p>
      ) : (
        <Table caption={words.caption} className="rounded-t-none border-x-0 border-b-0">
          <thead>
            <tr>
              <Th>{words.columns.what}</Th>
              <Th className="max-md:hidden">{words.columns.when}</Th>
              <Th>{words.columns.applies}</Th>
              <Th className="max-md:hidden">{words.columns.sections}</Th>
            </tr>
          </thead>
          <tbody>
            {license.obligations.map((one) => (
              <Tr key={`${one.text} ${one.when}`}>
                <Td className="min-w-40 break-words">
                  {one.text}
                  <span className="block text-xs text-fg-3 md:hidden">{words.when[one.when]}</span>
                </Td>
                <Td className="whitespace-nowrap text-fg-2 max-md:hidden">{words.when[one.when]}</Td>
                <Td>
                  <StatusText status={look(one.applies)} />
                </Td>
                <Td className="max-md:hidden">
                  <code className="text-xs">{one.sections.join(', ')}</code>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}
