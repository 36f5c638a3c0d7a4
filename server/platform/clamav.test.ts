import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  askClamavVersion,
  type ClamavPatience,
  clamavAddressText,
  isClamavAddress,
  parseClamavAddress,
  scanWithClamav,
} from './clamav.ts'
import { type FakeClamd, startFakeClamd } from './testing/fake-clamd.ts'

let clamd: FakeClamd
beforeEach(async () => {
  clamd = await startFakeClamd()
})
afterEach(() => clamd.close())

const unavailable = { code: 'clamav_unavailable' }
const scan = (
  file: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  patience?: ClamavPatience,
  signal?: AbortSignal,
) => scanWithClamav(clamd.address, file, signal, patience)
const one = [Buffer.from('x')]

describe('a file', () => {
  test('is sent whole, and what is found is told', async () => {
    expect(await scan([Buffer.alloc(200_000, 'a'), Buffer.from('virus')])).toEqual({ signature: 'Test.Signature' })
    expect(await scan(one)).toEqual({ signature: null })
    expect(await scan([])).toEqual({ signature: null })
    expect(clamd.scanned.map(({ length }) => length)).toEqual([200_005, 1, 0])
  })

  test('beyond its limit is skipped, not clean, whether it stops or looks at a part', async () => {
    clamd.limit = 100_000
    expect(await scan(Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024)))).toEqual({ skipped: 'too-large' })
    expect(clamd.scanned).toEqual([])
    clamd.limit = Infinity
    clamd.answer = () => 'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND'
    expect(await scan(one)).toEqual({ skipped: 'too-large' })
  })
})

describe('what it does not say is an error, never clean', () => {
  test('another answer', async () => {
    clamd.answer = () => 'stream: whatever'
    await expect(scan(one)).rejects.toMatchObject(unavailable)
  })

  test('a connection that is cut before the answer, within it, or while the file is sent', async () => {
    clamd.answer = (_bytes, socket) => void socket.destroy()
    await expect(scan(one)).rejects.toMatchObject(unavailable)
    clamd.answer = (_bytes, socket) => void socket.end('stream: OK')
    await expect(scan(one)).rejects.toMatchObject(unavailable)
    clamd.onPiece = (bytes, socket) => void (bytes > 500_000 && socket.destroy())
    await expect(scan(Array.from({ length: 100 }, () => Buffer.alloc(64 * 1024)))).rejects.toMatchObject(unavailable)
  })

  test('an answer before the end of the file', async () => {
    clamd.onPiece = (_bytes, socket) => void socket.write('stream: OK\0')
    const slowly = (async function* () {
      for (let i = 0; i < 20; i += 1) {
        yield Buffer.alloc(1_000)
        await sleep(10)
      }
    })()
    await expect(scan(slowly)).rejects.toMatchObject(unavailable)
  })

  test('nothing at that address', async () => {
    await expect(scanWithClamav({ path: '/nonexistent/clamd.sock' }, [])).rejects.toMatchObject(unavailable)
    await clamd.close()
    await expect(scan(one)).rejects.toMatchObject(unavailable)
  })

  test('silence, and a byte now and then', async () => {
    clamd.answer = () => undefined
    await expect(scan(one, { silenceMs: 60 })).rejects.toMatchObject(unavailable)
    clamd.answer = (_bytes, socket) => {
      const drip = setInterval(() => socket.write('s'), 20)
      socket.on('close', () => clearInterval(drip))
      return undefined
    }
    await expect(scan(one, { silenceMs: 5_000, totalMs: 200 })).rejects.toMatchObject(unavailable)
  })
})

test('a file that cannot be read is told as that, and not as the scanner’s fault', async () => {
  const broken = (async function* () {
    yield Buffer.from('x')
    throw new Error('the disk is gone')
  })()
  await expect(scan(broken)).rejects.toThrow('the disk is gone')
})

test('it can be cancelled while it is waited for', async () => {
  clamd.answer = () => undefined
  const stop = new AbortController()
  const asked = scan(one, {}, stop.signal)
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await expect(asked).rejects.toThrow('enough')
})

describe('what it is', () => {
  test('engine, signatures and their day', async () => {
    expect(await askClamavVersion(clamd.address)).toEqual({
      engine: 'ClamAV 1.4.2',
      database: '27500',
      databaseAt: new Date('2026-11-19T09:34:40Z'),
    })
    clamd.version = 'ClamAV 1.4.2'
    expect(await askClamavVersion(clamd.address)).toEqual({ engine: 'ClamAV 1.4.2', database: null, databaseAt: null })
  })

  test('something else at that address is none', async () => {
    clamd.version = 'SSH-2.0-OpenSSH'
    await expect(askClamavVersion(clamd.address)).rejects.toMatchObject(unavailable)
    await clamd.close()
    await expect(askClamavVersion(clamd.address)).rejects.toMatchObject(unavailable)
  })
})

test('addresses', () => {
  for (const text of ['localhost:3310', '[::1]:3310', '/run/clamd.sock']) {
    expect(clamavAddressText(parseClamavAddress(text))).toBe(text)
  }
  expect(parseClamavAddress('[::1]:3310')).toEqual({ host: '::1', port: 3310 })
  for (const wrong of ['', 'x', 'x:0', 'x:99999', 'http://x:1', 'x:1/y']) {
    expect(() => parseClamavAddress(wrong), wrong).toThrow('neither host:port')
    expect(isClamavAddress(wrong), wrong).toBe(false)
  }
})
