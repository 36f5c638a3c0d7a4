import { Card, CardHead } from '../../../ui/card.tsx'
import { Tag } from '../../../ui/chip.tsx'
import { OriginMark } from '../../../ui/origin-mark.tsx'
import type { Scan } from './use-security.ts'
import { importedWords as words } from './words.ts'

/** What scanners elsewhere say: evidence with its origin, in their own words and without a colour of ours. */
export function ImportedScans({ imported }: { imported: Scan['imported'] }) {
  if (imported.length === 0) return null
  return (
    <Card>
      <CardHead note={words.note} title={words.title} />
      <ul className="border-t border-line">
        {imported.map((one) => (
          <li
            className="grid min-w-0 gap-1 border-b border-line px-4 py-3 last:border-b-0"
            key={`${one.scanner} ${one.source} ${one.at}`}
          >
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="font-medium">{one.scanner}</span>
              <Tag>{one.status}</Tag>
              <OriginMark at={one.at} origin={one.origin} source={one.source} />
              <span className="text-xs text-fg-3">
                {one.files.length === 0 ? words.noFiles : words.filesOf(one.files.length, one.filesTotal)}
              </span>
            </p>
            {one.summary !== null && <p className="break-words text-fg-2">{one.summary}</p>}
            {one.files.length > 0 && (
              <ul className="grid gap-0.5">
                {one.files.map((file) => (
                  <li className="text-xs break-words" key={file.path}>
                    <code className="break-all">{file.path}</code>{' '}
                    <span className="text-fg-2">
                      {file.status}
                      {file.message !== null && `: ${file.message}`}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
