import type { UrlSource } from '../../../../contract/index.ts'
import type { Resolved } from '../source-kind.ts'

/**
 * Whether two addresses mean the same file: the same strong entity tag and size; or, where one side has no entity tag, the same place
 * (origin and path) and no other size.
 */
export function isSameObject(before: Resolved<UrlSource>, after: Resolved<UrlSource>): boolean {
  const sizes = before.pin.size === undefined || after.pin.size === undefined || before.pin.size === after.pin.size
  if (!sizes) return false
  if (before.pin.etag !== undefined && after.pin.etag !== undefined) return before.pin.etag === after.pin.etag
  return before.source.url === after.source.url
}
