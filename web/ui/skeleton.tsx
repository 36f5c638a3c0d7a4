import { text } from '../text.ts'
import { cx } from './cx.ts'

/** A quiet block in the place of what is coming. */
export function Bone({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('block h-3 rounded-tag bg-line', className)} />
}

/** Rows of a list that is loading, in the size of the real ones. */
export function SkeletonRows({ rows = 8, label }: { rows?: number; label?: string }) {
  return (
    <div className="skeleton overflow-hidden rounded-card border border-line bg-surface" role="status">
      <span className="sr-only">{label ?? text.common.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div className="flex h-(--row) items-center gap-4 border-b border-line px-4 last:border-b-0" key={row}>
          <Bone className="size-6 rounded-[7px]" />
          <Bone className={row % 3 === 1 ? 'w-40' : 'w-56'} />
          <Bone className="ml-auto w-16" />
          <Bone className="hidden w-20 md:block" />
          <Bone className="hidden w-12 md:block" />
        </div>
      ))}
    </div>
  )
}

export function SkeletonCard({ lines = 4 }: { lines?: number }) {
  return (
    <div className="skeleton grid gap-3 rounded-card border border-line bg-surface p-4" role="status">
      <span className="sr-only">{text.common.loading}</span>
      <Bone className="h-4 w-48" />
      {Array.from({ length: lines }, (_, line) => (
        <Bone className={line % 2 === 0 ? 'w-4/5' : 'w-3/5'} key={line} />
      ))}
    </div>
  )
}
