import { Link } from '@tanstack/react-router'
import type { Schema } from '../../app/client.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { cx } from '../../ui/cx.ts'
import { Empty } from '../../ui/empty.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { stateStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { useLineage, type Version } from './use-model.ts'

type Node = Schema<'LineageNode'>
const words = text.model.lineage

export function TabLineage({ version }: { version: Version }) {
  const lineage = useLineage(version)
  if (lineage.isError) return <ProblemBox error={lineage.error} onRetry={() => void lineage.refetch()} />
  if (lineage.data === undefined) return <SkeletonCard lines={4} />
  const { nodes } = lineage.data
  if (nodes.every((node) => node.relation === 'self')) return <Empty title={words.empty} />
  const self = nodes.find((node) => node.relation === 'self')
  const bases = nodes.filter((node) => node.relation === 'base')
  const derived = nodes.filter((node) => node.relation !== 'self' && node.relation !== 'base')
  return (
    <div className="grid gap-4">
      <figure className="rounded-card border border-line bg-surface p-5">
        <div aria-hidden="true" className="flex items-center max-md:hidden">
          {bases.length > 0 && <Column nodes={bases} side="base" />}
          {self !== undefined && <Box node={self} />}
          {derived.length > 0 && <Column nodes={derived} side="derived" />}
        </div>
        <figcaption className="mt-4 text-xs text-fg-3">{words.picture}</figcaption>
      </figure>
      <Table caption={words.caption}>
        <thead>
          <tr>
            <Th>{words.columns.relation}</Th>
            <Th>{words.columns.name}</Th>
            <Th>{words.columns.state}</Th>
            <Th>{words.columns.origin}</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Tr key={`${node.relation} ${node.name}`}>
              <Td className="text-fg-2">{words.relations[node.relation]}</Td>
              <Td>
                {node.modelId === null ? (
                  node.name
                ) : (
                  <Link className="font-medium hover:underline" params={{ _splat: node.name }} to="/models/$">
                    {node.name}
                  </Link>
                )}
              </Td>
              <Td>
                {node.state === null ? (
                  <span className="text-fg-3">{words.notHere}</span>
                ) : (
                  <StatusText status={stateStatus(node.state)} />
                )}
              </Td>
              <Td className="text-fg-2">
                {text.origins[node.origin]} <OriginMark origin={node.origin} source={node.source} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

const claimed = (node: Node) => node.origin === 'card' || node.origin === 'imported'

function Column({ nodes, side }: { nodes: Node[]; side: 'base' | 'derived' }) {
  return (
    <div className="grid gap-3">
      {nodes.map((node) => (
        <div className="flex items-center" key={`${node.relation} ${node.name}`}>
          {side === 'derived' && <Line dashed={claimed(node)} word={words.relations[node.relation]} />}
          <Box node={node} />
          {side === 'base' && <Line dashed={claimed(node)} word={words.relations[node.relation]} />}
        </div>
      ))}
    </div>
  )
}

function Box({ node }: { node: Node }) {
  return (
    <span
      className={cx(
        'grid h-9 max-w-56 items-center truncate rounded-control border px-3',
        node.relation === 'self' ? 'border-accent bg-selected font-semibold' : 'border-line-2 bg-sunken text-fg-2',
      )}
    >
      {node.name.split('/').at(-1)}
    </span>
  )
}

function Line({ dashed, word }: { dashed: boolean; word: string }) {
  return (
    <span className="grid w-24 justify-items-center text-2xs text-fg-3">
      <span>{word}</span>
      <span className={cx('h-0 w-full border-t-2 border-line-2', dashed && 'border-dashed')} />
      <span>&nbsp;</span>
    </span>
  )
}
