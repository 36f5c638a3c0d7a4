import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { toast } from '../../../app/toasts.tsx'
import { isOpen } from '../../../app/use-jobs.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead, Fact, Facts } from '../../../ui/card.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { Time } from '../../../ui/time.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { AllEvents } from './all-events.tsx'
import { LastRun } from './last-run.tsx'
import { useRejudge, useRuleset, useStartRejudge } from './use-scanner.ts'
import { scannerWords as words } from './words.ts'

/** The rules in force, how all versions stand to them, and the run that brings them there. */
export function ScannerPage() {
  const can = useCan()
  const run = useRejudge(can('job.read'))
  const running = run.data != null && isOpen(run.data)
  const ruleset = useRuleset(running)
  const start = useStartRejudge()
  const [asking, setAsking] = useState(false)
  const rules = ruleset.data
  return (
    <SettingsFrame
      actions={
        <Button
          icon="refresh"
          onClick={() => setAsking(true)}
          reason={can('admin') ? (running ? words.running : null) : words.mayNot}
        >
          {words.start}
        </Button>
      }
      at="/settings/scanner"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.scanner}
    >
      <div className="grid max-w-4xl grid-cols-1 gap-4">
        {ruleset.isError ? (
          <ProblemBox error={ruleset.error} onRetry={() => void ruleset.refetch()} />
        ) : rules === undefined ? (
          <SkeletonCard lines={4} />
        ) : (
          <Card>
            <CardHead title={words.inForce} />
            <Facts wide>
              <Fact label={words.rules}>
                <code>{rules.ruleset}</code>
              </Fact>
              <Fact label={words.scanner}>
                <code>{rules.scanner}</code>
              </Fact>
              <Fact label={words.judged}>
                {rules.judged === null ? (
                  words.never
                ) : (
                  <>
                    <Time at={rules.judged.at} full />,{' '}
                    <span className="text-fg-2">
                      {rules.judged.ruleset === rules.ruleset && rules.judged.scanner === rules.scanner
                        ? words.byThese
                        : words.byOthers(rules.judged.ruleset, rules.judged.scanner)}
                    </span>
                  </>
                )}
              </Fact>
              <Fact label={words.waiting}>{rules.stale === 0 ? words.none : words.waitingOf(rules.stale)}</Fact>
            </Facts>
          </Card>
        )}
        <LastRun run={run} />
        <AllEvents />
      </div>
      {asking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          request={{
            title: `${words.start}?`,
            body: words.startBody,
            action: words.start,
            run: async () => {
              await start.mutateAsync()
              toast(words.started)
            },
          }}
        />
      )}
    </SettingsFrame>
  )
}
