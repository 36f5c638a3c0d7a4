import { freemem, totalmem } from 'node:os'
import { bytes } from '../text/units.ts'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

/** The hub's processes need about this much before any model is loaded (bytes). */
const hubBytes = 1.5e9

/** Memory is there for the hub, and for the budget that its engines are given. */
export const checkMemory: DoctorCheck = ({ config }) => {
  // In a container the limit of the container counts; without one Node answers with 0 or an absurd number.
  const limit = process.constrainedMemory()
  const total = limit > 0 && limit < totalmem() ? limit : totalmem()
  const budget = config?.engineMemoryBytes
  if (budget !== undefined && budget > total) {
    return [
      fail(
        'memory',
        `MODELHUB_ENGINE_MEMORY allows the engines ${bytes(budget)}; there are ${bytes(total)} in all`,
        'Lower it, or leave it empty: then engines get 60 % of the memory.',
      ),
    ]
  }
  const message = `${bytes(total)} of memory, ${bytes(Math.min(total, freemem()))} free`
  if (total < hubBytes) return [warn('memory', message, 'Give the hub at least 2 GB; engines need their own on top.')]
  return [ok('memory', message)]
}
