import { cx } from './cx.ts'

/** Two letters on one of eight tints, chosen by hash of the publisher: the logo of whoever gave none. */
export function Monogram({ name, size = 28, className }: { name: string; size?: number; className?: string }) {
  const publisher = name.includes('/') ? (name.split('/')[0] ?? name) : name
  const tint = (hash(publisher) % 8) + 1
  return (
    <span
      aria-hidden="true"
      className={cx('grid shrink-0 place-items-center rounded-[7px] font-semibold', className)}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.39),
        background: `var(--tint-${tint})`,
        color: `var(--tint-${tint}-fg)`,
      }}
    >
      {letters(publisher)}
    </span>
  )
}

export function letters(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const first = words[0]?.[0] ?? '?'
  const second = words[1]?.[0] ?? words[0]?.[1] ?? ''
  return (first + second).toUpperCase()
}

function hash(value: string): number {
  let sum = 0
  for (const char of value.toLowerCase()) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return sum
}
