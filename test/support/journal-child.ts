import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs } from '../../server/jobs/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { journalJob, type Place } from './journal-job.ts'
import { quietLog } from './quiet-log.ts'

// A program that runs journal jobs on the database of a test and says where it pauses, to be killed there.
// Arguments: JSON of the database's location, the place to pause at or `none`.

const [location = '{}', pauseAt = 'none'] = process.argv.slice(2)
const clock = systemClock
const say = (line: string) => process.stdout.write(`${line}\n`)

const database = await openDatabase({ ...JSON.parse(location), log: quietLog(), clock })
const definition = journalJob({
  ...(pauseAt === 'none' ? {} : { pauseAt: pauseAt as Place }),
  onPause: () => say(`paused ${pauseAt}`),
})
const jobs = createJobs({
  database,
  clock,
  newId: createNewId(clock.now),
  log: quietLog(),
  definitions: [definition],
  deps: undefined,
  owner: 'child',
})
await jobs.start()
say('started')
