import { bytes, count, shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Card } from '../../ui/card.tsx'
import { StatusText } from '../../ui/chip.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { verdictStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { useFiles, type Version } from './use-model.ts'
import { VerifyCard, VerifyHistory } from './verify-card.tsx'
import { hostedWords } from './words.ts'

const words = text.model.files

export function TabFiles({ version }: { version: Version }) {
  const files = useFiles(version)
  const items = files.data?.pages.flatMap((page) => page.items) ?? []
  if (version.hosted !== null) {
    return <Empty title={hostedWords.filesTitle}>{hostedWords.files(version.hosted.providerTitle)}</Empty>
  }
  if (files.isError) return <ProblemBox error={files.error} onRetry={() => void files.refetch()} />
  if (files.isPending) return <SkeletonRows />
  if (items.length === 0) return <Empty title={words.emptyTitle}>{words.empty}</Empty>
  return (
    <div className="grid grid-cols-1 gap-3">
      <Card className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
        <h2 className="font-semibold">{words.manifest}</h2>
        {version.digest === null ? (
          <span className="text-fg-2">{words.manifestNone}</span>
        ) : (
          <>
            <span className="inline-flex min-w-0 items-center gap-1">
              <code className="text-xs break-all">{version.digest}</code>
              <CopyButton label={text.model.facts.copyDigest} small value={version.digest} />
            </span>
            <span className="text-xs text-fg-3">{words.manifestNote}</span>
          </>
        )}
      </Card>
      {version.digest !== null && (
        <VerifyCard lastAt={files.data?.pages[0]?.lastVerifiedAt ?? null} version={version} />
      )}
      <Table caption={words.caption}>
        <thead>
          <tr>
            <Th>{words.columns.path}</Th>
            <Th>{words.columns.format}</Th>
            <Th numeric>{words.columns.size}</Th>
            <Th>{words.columns.sha}</Th>
            <Th>{words.columns.scan}</Th>
            <Th>{words.columns.stored}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((file) => (
            <Tr key={file.path}>
              <Td className="max-w-96 min-w-40">
                <code className="text-xs break-all">{file.path}</code>
              </Td>
              <Td className="text-fg-2">{file.formatTitle ?? file.format ?? words.notInspected}</Td>
              <Td numeric>
                <span title={`${count(file.size)} bytes`}>{bytes(file.size)}</span>
              </Td>
              <Td className="whitespace-nowrap">
                {file.sha256 === null ? (
                  <span className="text-fg-3">{text.common.unknown}</span>
                ) : (
                  <span className="inline-flex items-center gap-1">
                    <code className="text-xs" title={file.sha256}>
                      {shortId(file.sha256)}
                    </code>
                    <CopyButton label={words.copySha(file.path)} small value={file.sha256} />
                  </span>
                )}
              </Td>
              <Td className="whitespace-nowrap">
                <StatusText status={verdictStatus(file.verdict)} />
                {file.findingCount > 0 && (
                  <span className="ml-2 text-xs text-fg-3">{words.findings(file.findingCount)}</span>
                )}
              </Td>
              <Td className="text-fg-2">
                {words.stored[file.stored]}
                {file.sharedWith > 0 && (
                  <span className="block text-xs text-fg-3">{words.shared(file.sharedWith)}</span>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <ShowMore
        busy={files.isFetchingNextPage}
        hasMore={files.hasNextPage}
        onMore={() => void files.fetchNextPage()}
        shown={items.length}
        total={version.fileCount}
      />
      {version.digest !== null && <VerifyHistory version={version} />}
    </div>
  )
}
