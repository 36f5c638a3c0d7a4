import { count, shortId } from '../format.ts'
import { text } from '../text.ts'
import { Fact, Facts } from './card.tsx'

/** What a run was made under, as the hub recorded it: names are its own, in words. */
export function Conditions({ entries, empty }: { entries: [string, unknown][]; empty?: string }) {
  const rows = entries.flatMap(([key, value]) => flatten(key, value))
  if (rows.length === 0) return <p className="px-4 pb-4 text-fg-2">{empty ?? text.common.unknown}</p>
  return (
    <Facts wide>
      {rows.map(([key, value]) => (
        <Fact key={key} label={inWords(key)}>
          {value}
        </Fact>
      ))}
    </Facts>
  )
}

function flatten(key: string, value: unknown): [string, string][] {
  if (value === null || value === undefined) return [[key, text.common.unknown]]
  if (typeof value === 'number')
    return [[key, Number.isInteger(value) && value >= 10_000 ? count(value) : String(value)]]
  if (typeof value === 'boolean') return [[key, value ? text.common.yes : text.common.no]]
  if (typeof value === 'string') return [[key, /^(sha256:)?[0-9a-f]{40,}$/.test(value) ? shortId(value) : value]]
  if (Array.isArray(value)) return [[key, value.map(String).join(', ')]]
  return Object.entries(value).flatMap(([inner, nested]) => flatten(`${key} ${inner}`, nested))
}

/** `gpuDriver version` → "Gpu driver version". */
function inWords(key: string): string {
  const spaced = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
