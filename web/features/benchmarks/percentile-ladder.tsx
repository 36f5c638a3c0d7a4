import { useState } from 'react'
import type { Schema } from '../../app/client.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { count, latency } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, CardHead } from '../../ui/card.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import type { BenchmarkResult } from './use-benchmarks.ts'

const words = text.benchmarks.ladder
const metrics = ['ttftMs', 'tpotMs', 'itlMs', 'e2eMs'] as const
const quantiles = ['p50', 'p90', 'p95', 'p99'] as const
type Distribution = Schema<'Distribution'>

/** Each percentile as a point on its metric's own scale; the same figures as a table one key away. */
export function PercentileLadder({ result }: { result: BenchmarkResult }) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  useShortcuts({ v: () => setView(view === 'chart' ? 'table' : 'chart') })
  return (
    <Card>
      <CardHead title={words.title}>
        <Segmented
          label={words.view}
          onChange={setView}
          options={[
            { value: 'chart', label: words.chart, icon: 'bars' },
            { value: 'table', label: words.table, icon: 'table' },
          ]}
          value={view}
        />
      </CardHead>
      <div className="px-4 pb-4">
        {view === 'chart' ? (
          metrics.map((metric) => <Ladder distribution={result[metric]} key={metric} metric={metric} />)
        ) : (
          <LadderTable result={result} />
        )}
        <p className="mt-3 text-xs text-fg-3">{words.note}</p>
      </div>
    </Card>
  )
}

const rowHeight = 24

function Ladder({ metric, distribution }: { metric: (typeof metrics)[number]; distribution: Distribution }) {
  const [name, formula] = words.metrics[metric]
  const values = quantiles.map((quantile) => ({ quantile, value: distribution[quantile] }))
  const top = Math.max(...values.map(({ value }) => value ?? 0)) * 1.08 || 1
  const spoken = values
    .map(({ quantile, value }) => `${quantile} ${value === null ? words.tooFew : latency(value)}`)
    .join(', ')
  return (
    <figure className="border-t border-line py-3 first:border-t-0 first:pt-1">
      <figcaption className="mb-1">
        <span className="font-semibold">{name}</span>{' '}
        <span className="text-xs text-fg-3">
          {formula}, n = {count(distribution.n)}
        </span>
      </figcaption>
      <div className="grid grid-cols-[2.25rem_1fr_5rem] items-center gap-x-3">
        <ol aria-hidden="true" className="text-fg-2">
          {values.map(({ quantile }) => (
            <li className="h-6 leading-6" key={quantile}>
              {quantile}
            </li>
          ))}
        </ol>
        <svg
          aria-label={words.summary(name, spoken)}
          className="w-full"
          height={rowHeight * values.length}
          preserveAspectRatio="none"
          role="img"
        >
          {values.map(({ quantile, value }, index) => {
            const y = index * rowHeight + rowHeight / 2
            const share = value === null ? 0 : (value / top) * 100
            return (
              <g key={quantile}>
                <line stroke="var(--c-grid)" strokeLinecap="round" strokeWidth="4" x1="2" x2="99%" y1={y} y2={y} />
                {value !== null && (
                  <>
                    <line
                      stroke="var(--c1)"
                      strokeLinecap="round"
                      strokeOpacity="0.25"
                      strokeWidth="4"
                      x1="2"
                      x2={`${share}%`}
                      y1={y}
                      y2={y}
                    />
                    <circle cx={`${share}%`} cy={y} fill="var(--c1)" r="4.5" />
                  </>
                )}
              </g>
            )
          })}
        </svg>
        <ol aria-hidden="true" className="text-right">
          {values.map(({ quantile, value }) => (
            <li className="h-6 leading-6" key={quantile}>
              {value === null ? <span className="text-fg-3">{words.tooFew}</span> : latency(value)}
            </li>
          ))}
        </ol>
      </div>
    </figure>
  )
}

function LadderTable({ result }: { result: BenchmarkResult }) {
  return (
    <Table caption={words.caption}>
      <thead>
        <tr>
          <Th>{words.metric}</Th>
          {quantiles.map((quantile) => (
            <Th key={quantile} numeric>
              {quantile}
            </Th>
          ))}
          <Th numeric>{words.n}</Th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <Tr key={metric}>
            <Td>{words.metrics[metric][0]}</Td>
            {quantiles.map((quantile) => {
              const value = result[metric][quantile]
              return (
                <Td key={quantile} numeric>
                  {value === null ? <span className="text-fg-3">{words.tooFew}</span> : latency(value)}
                </Td>
              )
            })}
            <Td numeric>{count(result[metric].n)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
