import { Link } from '@tanstack/react-router'
import { halfWidth, latency, points, shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { OriginDot } from '../../ui/origin-dot.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { licenseStatus, scanStatus, stateStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type Model, useVersions, type Version } from './use-model.ts'

const words = text.model.versions

export function TabVersions({ model, version }: { model: Model; version: Version }) {
  const versions = useVersions(model.id)
  if (versions.isError) return <ProblemBox error={versions.error} onRetry={() => void versions.refetch()} />
  if (versions.data === undefined) return <SkeletonRows rows={3} />
  const { columns } = words
  return (
    <Table caption={words.caption}>
      <thead>
        <tr>
          <Th>{columns.version}</Th>
          <Th>{columns.state}</Th>
          <Th>{columns.security}</Th>
          <Th>{columns.license}</Th>
          <Th>{columns.digest}</Th>
          <Th numeric>{columns.quality}</Th>
          <Th numeric>{columns.ttft}</Th>
          <Th>{columns.by}</Th>
          <Th numeric>{columns.at}</Th>
        </tr>
      </thead>
      <tbody>
        {versions.data.map((other) => (
          <Tr className="relative" key={other.id} selected={other.id === version.id}>
            <Td className="whitespace-nowrap">
              <Link
                className="font-medium after:absolute after:inset-0"
                params={{ _splat: `${model.name}@${other.number}` }}
                to="/models/$"
              >
                {text.common.version(other.number)}
              </Link>
              {other.id === version.id && <span className="ml-2 text-xs text-fg-3">{words.this}</span>}
            </Td>
            <Td className="whitespace-nowrap">
              <StatusText status={stateStatus(other.state)} />
            </Td>
            <Td className="whitespace-nowrap">
              <StatusText status={scanStatus(other)} />
            </Td>
            <Td className="max-w-48">
              <StatusText className="max-w-full" status={licenseStatus(other.license)} />
            </Td>
            <Td>
              <code className="text-xs whitespace-nowrap">
                {other.digest === null
                  ? other.hosted === null
                    ? text.common.unknown
                    : text.common.notApplicable
                  : shortId(other.digest)}
              </code>
            </Td>
            <Td numeric>
              {other.evidence.quality === null ? (
                <span className="text-fg-3">{text.common.notRun}</span>
              ) : (
                <>
                  {points(other.evidence.quality.value)}{' '}
                  <span className="text-xs text-fg-3">±{halfWidth(other.evidence.quality.standardError)}</span>{' '}
                  <OriginDot origin="measured" source={other.evidence.quality.runId} />
                </>
              )}
            </Td>
            <Td numeric>
              {other.evidence.speed?.ttftP95Ms == null ? (
                <span className="text-fg-3">
                  {other.evidence.speed === null ? text.common.notRun : text.common.unknown}
                </span>
              ) : (
                <>
                  {latency(other.evidence.speed.ttftP95Ms)}{' '}
                  <OriginDot origin="measured" source={other.evidence.speed.runId} />
                </>
              )}
            </Td>
            <Td className="text-fg-2">{other.createdBy}</Td>
            <Td className="text-fg-2" numeric>
              <Time at={other.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
