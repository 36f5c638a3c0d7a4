import type { SortOrder } from '../../app/search.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { licenseStatus, scanStatus, stateStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Context, OutputSpeed, Quality, Size, Ttft } from './figures.tsx'
import { ModelIdentity } from './model-identity.tsx'
import type { Model } from './use-catalog.ts'

const { columns } = text.catalog

/** Columns leave by priority as the window narrows: output speed and updated, size, license, TTFT. */
export function CatalogTable({
  items,
  sort,
  active,
  onSort,
}: {
  items: Model[]
  sort: SortOrder
  active: number
  onSort: (sort: SortOrder) => void
}) {
  const sorter = (up: SortOrder, down: SortOrder) => ({
    sorted: sort === up ? ('ascending' as const) : sort === down ? ('descending' as const) : undefined,
    onSort: () => onSort(sort === down ? up : down),
  })
  return (
    <Table caption={text.catalog.caption} className="hidden md:block">
      <thead>
        <tr>
          <Th {...sorter('name', '-name')} onSort={() => onSort(sort === 'name' ? '-name' : 'name')}>
            {columns.model}
          </Th>
          <Th>{columns.state}</Th>
          <Th>{columns.security}</Th>
          <Th className="max-xl:hidden">{columns.license}</Th>
          <Th numeric>{columns.quality}</Th>
          <Th className="max-lg:hidden" numeric>
            {columns.ttft}
          </Th>
          <Th className="max-2xl:hidden" numeric>
            {columns.speed}
          </Th>
          <Th numeric>{columns.context}</Th>
          <Th className="max-lg:hidden" numeric {...sorter('size', '-size')}>
            {columns.size}
          </Th>
          <Th className="max-2xl:hidden" numeric {...sorter('updated', '-updated')}>
            {columns.updated}
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((model, index) => (
          <Tr className="relative" data-row key={model.id} selected={index === active}>
            <Td className="max-w-72 min-w-44">
              <span className="flex items-center gap-3">
                <Monogram name={model.name} />
                <ModelIdentity model={model} />
              </span>
            </Td>
            <Td>
              <StatusText status={stateStatus(model.state)} />
            </Td>
            <Td>
              <Security model={model} />
            </Td>
            <Td className="max-w-40 max-xl:hidden">
              <StatusText className="max-w-full" status={licenseStatus(model.defaultVersion.license)} />
            </Td>
            <Td numeric>
              <Quality model={model} />
            </Td>
            <Td className="max-lg:hidden" numeric>
              <Ttft model={model} />
            </Td>
            <Td className="max-2xl:hidden" numeric>
              <OutputSpeed model={model} />
            </Td>
            <Td numeric>
              <Context model={model} />
            </Td>
            <Td className="max-lg:hidden" numeric>
              <Size model={model} />
            </Td>
            <Td className="text-fg-3 max-2xl:hidden" numeric>
              <Time at={model.updatedAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

/** In two lines where the scan does not apply, so that the column stays narrow. */
function Security({ model }: { model: Model }) {
  const { verdict, hosted } = model.defaultVersion
  const status = scanStatus(model.defaultVersion)
  if (verdict !== null || hosted === null) return <StatusText status={status} />
  const [word, ...rest] = status.label.split(': ')
  return (
    <span className="block whitespace-nowrap">
      <StatusText status={{ ...status, label: word ?? status.label }} />
      <span className="block pl-5 text-xs text-fg-3">{rest.join(': ')}</span>
    </span>
  )
}
