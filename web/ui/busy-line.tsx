import { cx } from './cx.ts'

/** Two pixels under a search or a heading while what is below is being looked up anew; old data stays readable meanwhile. */
export function BusyLine({ busy }: { busy: boolean }) {
  return (
    <div aria-hidden="true" className="relative h-0">
      <div className={cx('absolute inset-x-0 -top-0.5 h-0.5 bg-accent', busy ? 'skeleton' : 'hidden')} />
    </div>
  )
}
