import { cpus, loadavg, totalmem } from 'node:os'

export type Figures = Record<string, number | null>

/** What a result depends on besides the code. */
export function conditions(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    load1: loadavg()[0],
    ...more,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Spread of a control: (largest − smallest) ÷ median. Above 0.25 the run is noise. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values)
}

/** A table for people and, as the last line, one JSON object for tools. Returns the exit code: 3 when the control says `noisy`. */
export function report(
  bench: string,
  figures: Figures,
  control: readonly number[],
  facts: Record<string, unknown>,
): number {
  for (const [name, value] of Object.entries(figures)) {
    console.log(
      `${name.padEnd(24)} ${value === null ? 'not measured' : value.toLocaleString('en', { maximumFractionDigits: 3 })}`,
    )
  }
  const noise = spread(control)
  const noisy = noise > 0.25
  if (noisy) console.log(`noisy: the control spread over ${Math.round(noise * 100)} %`)
  console.log(JSON.stringify({ bench, figures, conditions: conditions({ ...facts, controlSpread: noise, noisy }) }))
  return noisy ? 3 : 0
}
