// Loaded into every process of a hub by NODE_OPTIONS=--import: adds the number of milliseconds in a file to the clock of the program.
// The file is read again every 20 ms at most, by a clock that it does not move.
import { readFileSync } from 'node:fs'

const path = process.env.MODELHUB_TEST_CLOCK
const RealDate = Date
const realNow = Date.now
let offset = 0
let readAt = Number.NEGATIVE_INFINITY

function now() {
  if (performance.now() - readAt > 20) {
    readAt = performance.now()
    try {
      offset = Number(readFileSync(path, 'utf8')) || 0
    } catch {
      // Being written: the last one holds.
    }
  }
  return realNow() + offset
}

// A proxy, so that dates that come from another thread are still dates.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : target[name]),
})
