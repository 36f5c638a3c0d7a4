import type { Schema } from '../../../app/client.ts'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { type FactField, factText, fieldTitle } from '../offerings/offering-facts.ts'
import { providerWords as words } from '../words.ts'

type Change = { provider?: string; model: string; fields: string[]; values?: Schema<'ValueChange'>[] | undefined }

/** Values of offerings before and after, a row for each. */
export function ChangeTable({ changes }: { changes: Change[] }) {
  const { diffColumns: columns } = words
  const rows = changes.flatMap((change) =>
    (change.values ?? change.fields.map((field) => ({ field, before: null, after: null }))).map((value) => ({
      name: change.provider === undefined ? change.model : `${change.provider}/${change.model}`,
      ...value,
    })),
  )
  return (
    <Table caption={words.changed}>
      <thead>
        <tr>
          <Th>{columns.model}</Th>
          <Th>{columns.field}</Th>
          <Th>{columns.before}</Th>
          <Th>{columns.after}</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, field, before, after }) => (
          <Tr key={`${name} ${field}`}>
            <Td className="max-w-48">
              <code className="block truncate text-xs" title={name}>
                {name}
              </code>
            </Td>
            <Td className="whitespace-nowrap text-fg-2">{fieldTitle(field)}</Td>
            <Td className="whitespace-nowrap text-fg-3">{sayOf(field, before)}</Td>
            <Td className="whitespace-nowrap">{sayOf(field, after)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

const sayOf = (field: string, value: Schema<'ValueChange'>['before']) =>
  value === null ? words.nothing : factText(field as FactField, value)
