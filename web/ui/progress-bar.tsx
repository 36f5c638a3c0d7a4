import { cx } from './cx.ts'

/** Percent only when a total is known; otherwise it says that work goes on. */
export function ProgressBar({
  percent,
  label,
  tone = 'accent',
  thick = false,
}: {
  percent: number | null
  label: string
  tone?: 'accent' | 'pass' | 'fail'
  thick?: boolean
}) {
  const colors = { accent: 'bg-accent', pass: 'bg-pass-fg', fail: 'bg-fail-fg' }
  return (
    <div
      aria-label={label}
      aria-valuemax={100}
      aria-valuemin={0}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      className={cx('w-full overflow-hidden rounded-full bg-line', thick ? 'h-2' : 'h-1.5')}
      role="progressbar"
    >
      <div
        className={cx(
          'h-full rounded-full transition-[width] duration-[var(--t-3)]',
          colors[tone],
          percent === null && 'opacity-40',
        )}
        style={{ width: `${percent ?? 100}%` }}
      />
    </div>
  )
}
