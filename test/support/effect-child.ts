import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs } from '../../server/jobs/index.ts'
import { openWhenReachable } from '../../server/platform/db/index.ts'
import { effectJob } from './effect-job.ts'
import { quietLog } from './quiet-log.ts'

// A worker process that runs effect jobs on the database of a test until it is killed.
// Arguments: JSON of the database's location, milliseconds that a step works on average.

const [location = '{}', stepMs = '5'] = process.argv.slice(2)
const clock = systemClock
const database = await openWhenReachable(
  { ...JSON.parse(location), log: quietLog(), clock },
  () => undefined,
  new AbortController().signal,
)
const jobs = createJobs({
  database,
  clock,
  newId: createNewId(clock.now),
  log: quietLog(),
  definitions: [effectJob(Number(stepMs))],
  deps: undefined,
  owner: 'child',
})
await jobs.start()
process.stdout.write('started\n')
