import { count, shortId } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { useAuditVerification } from './use-governance.ts'
import { governanceText } from './words.ts'

const words = governanceText.audit

/** The state of the hash chain, recomputed when asked. */
export function ChainLine() {
  const check = useAuditVerification()
  const { data } = check
  if (check.isError) return <ProblemBox error={check.error} live onRetry={() => void check.refetch()} />
  return (
    <section
      aria-label={words.chain}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-line bg-surface px-4 py-3"
    >
      <Icon
        className={data === undefined ? 'text-fg-3' : data.ok ? 'text-pass-fg' : 'text-fail-fg'}
        name={data === undefined ? 'circle-dashed' : data.ok ? 'circle-check' : 'octagon'}
      />
      <div aria-live="polite" className="min-w-0 grow">
        <span className="font-semibold">{words.chain}. </span>
        <span className={data?.ok === false ? 'text-fail-fg' : 'text-fg-2'}>
          {check.isFetching ? words.verifying : (data?.message ?? words.chainUnknown)}
        </span>
        {data?.firstBad != null && (
          <span className="block text-fail-fg">
            {count(data.firstBad.seq)}: {data.firstBad.message}
          </span>
        )}
        {data?.head != null && (
          <code className="ml-2 text-xs text-fg-3" title={data.head}>
            {words.head(shortId(data.head))}
          </code>
        )}
      </div>
      <Button busy={check.isFetching} icon="shield" onClick={() => void check.refetch()}>
        {words.verify}
      </Button>
    </section>
  )
}
