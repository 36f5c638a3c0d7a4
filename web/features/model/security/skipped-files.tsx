import { bytes, count } from '../../../format.ts'
import { Card, CardHead } from '../../../ui/card.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import type { Scan } from './use-security.ts'
import { skippedWords as words } from './words.ts'

/** Which files were not read in full, and why. */
export function SkippedFiles({ skipped }: { skipped: Scan['skipped'] }) {
  if (skipped.length === 0) return null
  return (
    <Card>
      <CardHead note={words.note} title={words.title} />
      <Table caption={words.caption} className="rounded-t-none border-x-0 border-b-0">
        <thead>
          <tr>
            <Th>{words.columns.reason}</Th>
            <Th numeric>{words.columns.files}</Th>
            <Th numeric>{words.columns.bytes}</Th>
            <Th className="max-md:hidden">{words.columns.paths}</Th>
          </tr>
        </thead>
        <tbody>
          {skipped.map(({ reason, sentence, files, bytes: size, paths }) => (
            <Tr className="align-top" key={reason}>
              <Td className="min-w-40">
                <span className="flex items-center gap-1.5 font-medium">
                  <Icon className="text-part-fg" name="circle-dashed" size={14} />
                  {words.reasons[reason]}
                </span>
                <span className="block text-xs text-fg-3">{sentence}</span>
                <div className="md:hidden">
                  <Paths files={files} paths={paths} />
                </div>
              </Td>
              <Td numeric>{count(files)}</Td>
              <Td numeric>
                <span title={`${count(size)} bytes`}>{bytes(size)}</span>
              </Td>
              <Td className="min-w-40 max-md:hidden">
                <Paths files={files} paths={paths} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function Paths({ files, paths }: { files: number; paths: readonly string[] }) {
  return (
    <ul className="grid gap-0.5">
      {paths.map((path) => (
        <li key={path}>
          <code className="text-xs break-all text-fg-2">{path}</code>
        </li>
      ))}
      {files > paths.length && <li className="text-xs text-fg-3">{words.morePaths(files - paths.length)}</li>}
    </ul>
  )
}
