import { createLog, type Log } from '../../server/platform/log.ts'

/** A log that says nothing, unless MODELHUB_TEST_LOG names a level. */
export const quietLog = (): Log => createLog({ level: process.env['MODELHUB_TEST_LOG'] ?? 'silent' })
