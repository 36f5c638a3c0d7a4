// Loaded into every process of a hub by NODE_OPTIONS=--import: each flush to the disk, and each file that is made, takes so many
// milliseconds longer.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const delayMs = Number(process.env.MODELHUB_TEST_DISK_MS)
const cell = new Int32Array(new SharedArrayBuffer(4))
const wait = () => Atomics.wait(cell, 0, 0, delayMs)
const later = () => new Promise((resolve) => setTimeout(resolve, delayMs))

for (const name of ['fsyncSync', 'fdatasyncSync', 'renameSync', 'mkdirSync']) {
  const real = fs[name]
  fs[name] = (...args) => {
    wait()
    return real(...args)
  }
}
for (const name of ['rename', 'mkdir', 'writeFile', 'rm']) {
  const real = fs.promises[name]
  fs.promises[name] = async (...args) => {
    await later()
    return await real(...args)
  }
}
const handle = await fs.promises.open('/dev/null')
const prototype = Object.getPrototypeOf(handle)
for (const name of ['sync', 'datasync']) {
  const real = prototype[name]
  prototype[name] = async function (...args) {
    await later()
    return await real.apply(this, args)
  }
}
await handle.close()
syncBuiltinESMExports()
