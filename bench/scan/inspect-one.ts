// Inspects one file in this process; prints seconds and resident memory at most as JSON.
import { fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { createReader, inspect, judge } from '../../scanner/index.ts'

const [path = '', expected] = process.argv.slice(2)
const file = openSync(path, 'r')
const { size } = fstatSync(file)
const reader = createReader({ size, readInto: (target, offset) => readSync(file, target, 0, target.length, offset) })
const began = performance.now()
const { verdict } = judge(inspect(reader, { path }), { path })
const seconds = (performance.now() - began) / 1_000
if (expected === 'pass' && verdict !== 'pass') throw new Error(`the verdict is ${verdict}`)
// Not what getrusage says: that keeps the peak of the process that started this one.
const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
console.log(JSON.stringify({ seconds, peakMB: Number(peak) / 1_024 }))
