import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import type { Fault } from './embedded-served.ts'

// Loaded before a program (`--import`): in its threads, where the embedded database works, the disk refuses or delays what a file says
// that it should.

// oxlint-disable-next-line node/no-process-env -- this file has no caller that could pass anything
const order = process.env['MODELHUB_TEST_FAULT'] ?? ''
const real = { ...fs }
const paths = new Map<number, string>()
const still = new Int32Array(new SharedArrayBuffer(4))
let orderText = ''
let fault: Fault | null = null
let seen = 0

function meet(operation: Fault['operation'], path: string): void {
  const text = real.existsSync(order) ? real.readFileSync(order, 'utf8') : ''
  if (text !== orderText) {
    orderText = text
    fault = text === '' ? null : (JSON.parse(text) as Fault)
    seen = 0
  }
  if (fault === null || fault.operation !== operation || !path.includes(fault.path ?? '')) return
  if (fault.delayMs !== undefined)
    Atomics.wait(still, 0, 0, fault.delayMs[0] + Math.random() * (fault.delayMs[1] - fault.delayMs[0]))
  if (fault.code === undefined) return
  seen += 1
  const after = fault.after ?? 0
  if (seen <= after || (fault.once === true && seen > after + 1)) return
  real.writeFileSync(`${order}.met`, `${operation} ${path}\n`)
  throw Object.assign(new Error(`${fault.code}: asked for by a test, ${operation}`), { code: fault.code })
}

if (!isMainThread) {
  Object.assign(fs, {
    openSync: (path: string, flags?: fs.OpenMode, mode?: fs.Mode) => {
      const fd = real.openSync(path, flags as fs.OpenMode, mode)
      paths.set(fd, String(path))
      return fd
    },
    readSync: (fd: number, ...rest: [Uint8Array, number, number, number]) => {
      meet('read', paths.get(fd) ?? '')
      return real.readSync(fd, ...rest)
    },
    writeSync: (fd: number, ...rest: [Uint8Array, number, number, number]) => {
      meet('write', paths.get(fd) ?? '')
      return real.writeSync(fd, ...rest)
    },
    // How PGlite makes a file.
    writeFileSync: (path: string, ...rest: [string]) => {
      meet('create', String(path))
      real.writeFileSync(path, ...rest)
    },
    fsyncSync: (fd: number) => {
      meet('fsync', paths.get(fd) ?? '')
      real.fsyncSync(fd)
    },
    ftruncateSync: (fd: number, length?: number) => {
      meet('truncate', paths.get(fd) ?? '')
      real.ftruncateSync(fd, length)
    },
    renameSync: (from: string, to: string) => {
      meet('rename', from)
      real.renameSync(from, to)
    },
  })
  syncBuiltinESMExports()
}
