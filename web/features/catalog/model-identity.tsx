import { Link } from '@tanstack/react-router'
import { text } from '../../text.ts'
import { Tag } from '../../ui/chip.tsx'
import type { Model } from './use-catalog.ts'

export const shortName = (name: string): string => name.split('/').at(-1) ?? name
export const publisherOf = (name: string): string | undefined => (name.includes('/') ? name.split('/')[0] : undefined)

/** Name over publisher and version; the link covers its whole row or card. */
export function ModelIdentity({ model }: { model: Model }) {
  const publisher = publisherOf(model.name) ?? model.projectName
  return (
    <span className="min-w-0">
      <span className="flex min-w-0 items-center gap-2">
        <Link
          className="truncate font-medium after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          params={{ _splat: model.name }}
          title={model.name}
          to="/models/$"
        >
          {shortName(model.name)}
        </Link>
        {model.starter && <Tag>{text.catalog.starter}</Tag>}
        {model.defaultVersion.notices.length > 0 && <Tag>{text.catalog.deprecated}</Tag>}
      </span>
      <span className="block truncate text-xs text-fg-3">
        {publisher} · {text.common.version(model.defaultVersion.number)}
      </span>
    </span>
  )
}
