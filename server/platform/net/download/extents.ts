/** Bytes `start` up to and without `end`. */
export type Extent = readonly [start: number, end: number]

/** The list with one more extent; sorted, those that touch joined. */
export function addExtent(list: readonly Extent[], [start, end]: Extent): Extent[] {
  if (start >= end) return [...list]
  const apart = list.filter(([from, to]) => to < start || from > end)
  const touching = list.filter(([from, to]) => to >= start && from <= end)
  const joined: Extent = [
    Math.min(start, ...touching.map(([from]) => from)),
    Math.max(end, ...touching.map(([, to]) => to)),
  ]
  return [...apart, joined].sort((a, b) => a[0] - b[0])
}

export const countBytes = (list: readonly Extent[]): number => list.reduce((sum, [start, end]) => sum + end - start, 0)

/** Up to where everything from 0 is there. */
export const contiguousEnd = (list: readonly Extent[]): number => (list[0]?.[0] === 0 ? list[0][1] : 0)

/** The first bytes below `size` that are not in the list; null when there are none. */
export function firstGap(list: readonly Extent[], size: number): Extent | null {
  const start = contiguousEnd(list)
  if (start >= size) return null
  const next = list.find(([from]) => from > start)
  return [start, Math.min(size, next?.[0] ?? size)]
}
