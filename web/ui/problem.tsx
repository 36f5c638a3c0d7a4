import { HubApiError } from '../../sdk/index.ts'
import { text } from '../text.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icon.tsx'
import { Sentence } from './sentence.tsx'

/** What went wrong, what to do, and the code and request id to quote. Never only a toast. */
export function ProblemBox({
  error,
  onRetry,
  live = false,
}: {
  error: unknown
  onRetry?: (() => void) | undefined
  /** True when the failure follows an action of the person: it is then announced at once. */
  live?: boolean
}) {
  const problem = error instanceof HubApiError ? error.problem : undefined
  const status = error instanceof HubApiError ? error.status : undefined
  const title = problem?.kind === 'forbidden' ? text.problem.forbidden : (problem?.detail ?? fallback(error, status))
  const said = problem?.kind === 'forbidden' ? problem.detail : undefined
  return (
    <div className="rounded-card border border-fail-line bg-fail-soft p-4 text-left" role={live ? 'alert' : undefined}>
      <div className="flex gap-2.5">
        <Icon className="mt-px text-fail-fg" name={problem?.kind === 'forbidden' ? 'lock' : 'octagon'} />
        <div className="min-w-0 grow">
          <p className="font-semibold break-words">
            <Sentence>{title}</Sentence>
          </p>
          {said !== undefined && (
            <p className="mt-1 text-fg-2">
              <Sentence>{said}</Sentence>
            </p>
          )}
          {problem?.remedy !== undefined && (
            <p className="mt-1 break-words text-fg-2">
              <Sentence>{problem.remedy}</Sentence>
            </p>
          )}
          <Checks value={problem?.details?.checks} />
          {problem === undefined && status === undefined && (
            <p className="mt-1 text-fg-2">{text.problem.offlineRemedy}</p>
          )}
          <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-fg-2">
            {problem !== undefined && (
              <span className="inline-flex items-center gap-1">
                {text.problem.code} <code>{problem.code}</code>
              </span>
            )}
            {problem !== undefined && (
              <span className="inline-flex items-center gap-1">
                {text.problem.request} <code>{problem.requestId}</code>
                <CopyButton
                  label={text.problem.copy}
                  small
                  value={`${problem.code} ${problem.requestId}: ${problem.detail}`}
                />
              </span>
            )}
          </div>
          {onRetry !== undefined && (
            <Button className="mt-3" icon="refresh" onClick={onRetry} small>
              {text.common.tryAgain}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

function fallback(error: unknown, status: number | undefined): string {
  if (status !== undefined) return text.problem.status(status)
  return error instanceof TypeError ? text.problem.offline : text.problem.unexpected
}

/** The gates that refused, in the words of the readiness checklist. */
function Checks({ value }: { value: unknown }) {
  const checks = (Array.isArray(value) ? value : []).filter(isCheck)
  if (checks.length === 0) return null
  return (
    <ul className="mt-2 grid gap-1.5">
      {checks.map((check) => (
        <li className="border-t border-fail-line pt-1.5" key={check.id}>
          <p className="font-medium">{check.title}</p>
          <p className="text-xs break-words text-fg-2">
            <Sentence>{`${check.message} ${check.remedy ?? ''}`}</Sentence>
          </p>
        </li>
      ))}
    </ul>
  )
}

type Check = { id: string; title: string; message: string; remedy?: string | null }

const isCheck = (value: unknown): value is Check =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  'title' in value &&
  'message' in value &&
  typeof value.title === 'string' &&
  typeof value.message === 'string'
