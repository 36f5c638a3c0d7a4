import { tmpdir } from 'node:os'
import { messageOf } from '../../kernel/index.ts'
import { probeWrite } from '../../server/platform/place/index.ts'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

/** Sockets of the engine lie in the folder for temporary files; /tmp serves where TMPDIR leads nowhere. */
export const checkTemporary: DoctorCheck = () => {
  const [first, ...others] = [...new Set([tmpdir(), '/tmp'])]
  const problem = problemOf(first ?? '/tmp')
  if (problem === undefined) return [ok('temporary folder', `${first} is writable`)]
  const remedy = 'Set TMPDIR to a folder that exists and that this user may write.'
  const message = `${first} cannot be used: ${problem}`
  return [
    others.some((folder) => problemOf(folder) === undefined)
      ? warn('temporary folder', `${message}; the hub uses /tmp`, remedy)
      : fail('temporary folder', message, remedy),
  ]
}

function problemOf(folder: string): string | undefined {
  try {
    probeWrite(folder)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
