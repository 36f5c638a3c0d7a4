import { type SortOrder, sortOrders } from '../../app/search.ts'
import { text } from '../../text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuChoice } from '../../ui/menu.tsx'

export function SortMenu({ value, onChange }: { value: SortOrder; onChange: (value: SortOrder) => void }) {
  return (
    <Menu
      trigger={
        <button
          className="tap inline-flex h-7 items-center gap-2 rounded-control px-2 text-xs text-fg-2 hover:bg-hover"
          type="button"
        >
          <Icon name="sort" size={14} />
          <span className="sr-only">{text.catalog.sort}: </span>
          {text.catalog.sorts[value]}
        </button>
      }
    >
      <MenuChoice
        label={text.catalog.sort}
        onChange={onChange}
        options={sortOrders.map((order) => ({ value: order, label: text.catalog.sorts[order] }))}
        value={value}
      />
    </Menu>
  )
}
