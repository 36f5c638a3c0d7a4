import { appendFileSync } from 'node:fs'

// A program to be supervised: notes its start, then does what it is told. Arguments come by environment, as for every child.
const { TEST_CHILD_NOTES: notes = '', TEST_CHILD_DOES: does = 'stay' } = process.env

appendFileSync(notes, `${JSON.stringify({ at: Date.now(), pid: process.pid })}\n`)
process.send?.({ hello: process.pid })
if (does === 'refuse') {
  const refusal = { type: 'refused', code: 'port_in_use', message: 'Port 1 is in use.', remedy: 'Choose another.' }
  process.send?.(refusal, () => process.exit(78))
}
if (does.startsWith('exit ')) process.exit(Number(does.slice(5)))
if (does === 'deaf') process.on('SIGTERM', () => undefined)
setInterval(() => undefined, 1_000)
