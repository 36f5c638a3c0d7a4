import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { duration } from '../text/units.ts'
import { type DoctorCheck, fail, ok } from './check.ts'
import { get } from './get.ts'

/** A clock that is off by this much breaks expiries and the order of events (ms). */
const allowedMs = 5 * 60_000
/** This release did not exist before. */
const earliest = Date.parse('2026-01-01T00:00:00Z')
const latest = Date.parse('2090-01-01T00:00:00Z')
const remedy = 'Set the clock of this machine and keep it right with a time service (timedatectl set-ntp true).'

/** The clock of this machine is plausible: compared with the times of the hub's files and with a running hub. */
export const checkClock: DoctorCheck = async ({ ctx, folder, told }) => {
  const now = ctx.clock.now()
  const shown = new Date(now).toISOString()
  if (now < earliest || now > latest) return [fail('clock', `The clock says ${shown}, which cannot be`, remedy)]
  const newest = newestFile(folder)
  if (newest - now > allowedMs) {
    const ahead = duration((newest - now) / 1_000)
    return [fail('clock', `The clock says ${shown}; files of the hub were written ${ahead} later`, remedy)]
  }
  const answer = told.url === undefined ? undefined : await get(`${told.url}/healthz`)
  const theirs = Date.parse(answer?.date ?? '')
  if (Math.abs(theirs - now) > allowedMs) {
    const apart = duration(Math.abs(theirs - now) / 1_000)
    return [fail('clock', `The clocks of the hub and of this machine are ${apart} apart`, remedy)]
  }
  return [ok('clock', shown)]
}

/** When the newest of the hub's own files was written (ms); 0 where there is none. */
function newestFile(folder: string): number {
  try {
    const times = readdirSync(folder).map(
      (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    )
    return Math.max(0, ...times)
  } catch {
    return 0
  }
}
