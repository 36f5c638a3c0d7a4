import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test as base, describe, expect, vi } from 'vitest'
import { freeBytes, workingBytes } from '../../server/platform/place/index.ts'
import { hubErrorOf, temporaryFolder, waitUntil } from '../support/index.ts'
import { mebibyte, setUpDownload } from './support/download-setup.ts'
import { startFaultSource } from './support/fault-source.ts'
import { amount, seededFor } from './support/plan.ts'

// Sources that are slow on purpose, on machines that are slow by themselves.
vi.setConfig({ testTimeout: amount({ slice: 90_000, full: 600_000 }) })

type SetUp = Awaited<ReturnType<typeof setUpDownload>>
/** Many of these wait for a source: those that measure nothing run beside each other, each with what it opens. */
const test = base.extend<{ setUp: typeof setUpDownload; open: (size: number) => ReturnType<typeof startFaultSource> }>({
  setUp: async ({ task: _task }, use) => await withAll(setUpDownload, use),
  open: async ({ task: _task }, use) => await withAll((size: number) => startFaultSource(size), use),
})
async function withAll<G extends unknown[], T extends { close: () => Promise<void> }>(
  make: (...given: G) => Promise<T>,
  use: (make: (...given: G) => Promise<T>) => Promise<void>,
): Promise<void> {
  const made: T[] = []
  await use(async (...given) => {
    const one = await make(...given)
    made.push(one)
    return one
  })
  for (const one of made) await one.close()
}

describe('what arrives', () => {
  test.for([0, 1, 4_095, mebibyte, 3 * mebibyte + 17, 20 * mebibyte + 1])(
    'is whole and has the right digest: %d bytes',
    async (size, { setUp }) => {
      const { source, download, part, hashOfPart } = await setUp(size)
      for (const streams of [1, 8]) {
        const done = await download({ streams, key: 'model', size: streams === 1 ? null : size })
        expect(done).toEqual({ path: part, size, sha256: source.sha256, etag: done.etag })
        expect(hashOfPart()).toBe(source.sha256)
      }
    },
  )

  test('is fetched with several streams when one is slower than the disk, each byte once, and hashed in order', async ({
    setUp,
  }) => {
    const { source, download } = await setUp(48 * mebibyte, { rate: 6 * mebibyte })
    let streams = 0
    const done = await download({
      streams: 8,
      sha256: source.sha256,
      onProgress: (p) => (streams = Math.max(streams, p.streams)),
    })
    expect(done.sha256).toBe(source.sha256)
    // All eight where the machine is quiet: `width.test.ts`.
    expect(streams).toBeGreaterThan(1)
    expect(source.served()).toBe(48 * mebibyte)
    expect(source.connections()).toBeGreaterThanOrEqual(streams)
  })

  // Judged by time: on a busy machine it is a matter of luck, and `width.test.ts` shows it without a clock.
  test.runIf(amount({ slice: 0, full: 1 }) === 1)(
    'is fetched with one stream when more bring nothing',
    async ({ setUp }) => {
      // All connections share what the source gives: the cap is on the source, not on the connection.
      const { source, download } = await setUp(80 * mebibyte, { sharedRate: 8 * mebibyte })
      const seen: number[] = []
      const done = await download({ streams: 8, onProgress: ({ streams }) => seen.push(streams) })
      expect(done.sha256).toBe(source.sha256)
      expect(Math.max(...seen)).toBeGreaterThan(1)
      expect(seen.slice(-4, -1)).toEqual([1, 1, 1])
    },
  )

  test('a second call after the end fetches nothing', async ({ setUp }) => {
    const { source, download } = await setUp(5 * mebibyte)
    const first = await download()
    const before = source.requests().length
    expect(await download({ sha256: source.sha256 })).toEqual(first)
    expect(source.requests()).toHaveLength(before)
  })
})

describe.concurrent('a connection that is cut', () => {
  test('at any byte: the download goes on from there, and no byte is kept twice', async () => {
    const random = seededFor('download cuts')
    for (let round = 0; round < amount({ slice: 4, full: 60 }); round++) {
      const streams = round % 2 === 0 ? 1 : 8
      const { source, download, close } = await setUpDownload(12 * mebibyte + 5, {
        rate: streams === 1 ? null : 8 * mebibyte,
      })
      // Every third request, so that there is progress between them.
      source.behave({ cutAfter: (request) => (request % 3 === 1 ? Math.floor(random() ** 3 * 3 * mebibyte) : null) })
      const done = await download({ streams, sha256: source.sha256 })
      expect(done.sha256, `round ${round}`).toBe(source.sha256)
      expect(source.requests().some(({ ifRange }) => ifRange === '"one"')).toBe(true)
      await close()
    }
  })

  test('that brings nothing again and again ends the download, and keeps what there was', async ({ setUp }) => {
    const { source, download, left } = await setUp(12 * mebibyte)
    source.behave({ cutAfter: (request) => (request === 1 ? 1.5 * mebibyte : 0) })
    expect(await hubErrorOf(download())).toMatchObject({ kind: 'upstream' })
    expect(left()).toBe(true)
    expect(source.requests().length).toBeLessThan(10)
    const served = source.served()
    source.behave({ cutAfter: () => null })
    expect((await download()).sha256).toBe(source.sha256)
    expect(source.served() - served).toBe(10.5 * mebibyte)
  })

  test('after each byte is not followed for ever', async ({ setUp }) => {
    const { source, download } = await setUp(mebibyte, { cutAfter: () => 1 })
    expect(await hubErrorOf(download())).toMatchObject({ kind: 'upstream' })
    expect(source.requests().length).toBeLessThan(10)
  })

  test('some connections are refused: the others fetch it all', async ({ setUp }) => {
    const { source, download } = await setUp(24 * mebibyte, { rate: 6 * mebibyte })
    let open = 0
    source.behave({
      instead: () => (open++ % 3 === 2 ? { status: 503 } : null),
    })
    expect((await download({ streams: 8, tuning: { tries: 3 } })).sha256).toBe(source.sha256)
  })
})

describe.concurrent('a source that lies', () => {
  const sizes = 5 * mebibyte
  const failing: [string, Parameters<typeof setUpDownload>[1], string][] = [
    ['announces less than it says the part has', { contentLength: (length) => length - 10 }, 'length_mismatch'],
    ['announces more', { contentLength: (length) => length + 10 }, 'length_mismatch'],
    ['sends another part', { contentRange: (range) => range.replace(/bytes \d+/, 'bytes 1') }, 'range_mismatch'],
    ['sends more than asked', { contentRange: (range) => range.replace(/-\d+/, `-${sizes * 2}`) }, 'range_mismatch'],
    ['does not say which part', { contentRange: () => null }, 'range_mismatch'],
    ['says nonsense about the part', { contentRange: () => 'bytes 0-99999999999999999999/*' }, 'range_mismatch'],
    ['encodes what it was not asked to encode', { encoding: 'gzip' }, 'answer_encoded'],
    ['encodes a whole file', { encoding: 'gzip', ranges: false }, 'answer_encoded'],
  ]
  test.for(failing)('%s', async ([_name, behavior, code], { setUp }) => {
    const { source, download } = await setUp(sizes, behavior)
    const error = await hubErrorOf(download())
    expect(error).toMatchObject({ kind: 'upstream', code })
    expect(error.message).not.toContain('signature')
    expect(source.requests().length).toBeLessThan(8)
  })

  test('about the size: not kept', async ({ setUp }) => {
    const { download, left } = await setUp(sizes)
    for (const size of [sizes - 1, sizes + 1]) {
      expect(await hubErrorOf(download({ size }))).toMatchObject({
        kind: 'upstream',
        code: 'size_mismatch',
        details: { size: sizes, expectedSize: size },
      })
      expect(left()).toBe(false)
    }
  })

  test.for<[string, (length: number) => number]>([
    ['longer than it says', (length: number) => length - 7],
    ['shorter than it says', (length: number) => length + 7],
  ])('a whole file that is %s', async ([_name, contentLength], { setUp }) => {
    const { source, download } = await setUp(sizes, { ranges: false, contentLength })
    const error = await hubErrorOf(download({ size: sizes }))
    expect(error).toMatchObject({ kind: 'upstream', code: 'size_mismatch' })
    const outcome = await download({ sha256: source.sha256, tuning: { idleTimeoutMs: 300 } }).then(
      () => 'kept',
      (reason: { code: string }) => reason.code,
    )
    expect(['digest_mismatch', 'unreachable', 'timed_out', 'too_short', 'too_long']).toContain(outcome)
  })

  test('a whole file without a length that is not what was expected', async ({ setUp }) => {
    const { download } = await setUp(sizes, { ranges: false, announced: false })
    expect(await hubErrorOf(download({ size: sizes - 1 }))).toMatchObject({ code: 'too_long' })
    expect(await hubErrorOf(download({ size: sizes + 1 }))).toMatchObject({ code: 'too_short' })
    expect((await download({ size: sizes })).size).toBe(sizes)
  })

  test.for([1, 8])('one wrong byte of the right length: nothing is kept (%d streams)', async (streams, { setUp }) => {
    const { source, download, left } = await setUp(24 * mebibyte, { rate: streams === 1 ? null : 16 * mebibyte })
    const random = seededFor(`download corrupt ${streams}`)
    for (let round = 0; round < amount({ slice: 2, full: 20 }); round++) {
      source.behave({ corrupt: Math.floor(random() * source.size) })
      const error = await hubErrorOf(download({ streams, sha256: source.sha256 }))
      expect(error).toMatchObject({
        kind: 'upstream',
        code: 'digest_mismatch',
        details: { expectedSha256: source.sha256 },
      })
      expect(error.message).toContain('Nothing was kept')
      expect(left()).toBe(false)
    }
    source.behave({ corrupt: null })
    expect((await download({ streams, sha256: source.sha256 })).sha256).toBe(source.sha256)
  })

  test('drips a byte at a time', async ({ setUp }) => {
    const { source, download } = await setUp(sizes, { dripMs: 10 })
    const error = await hubErrorOf(download({ tuning: { slowest: { bytes: 4_096, windowMs: 300 } } }))
    expect(error).toMatchObject({ kind: 'upstream', code: 'too_slow' })
    expect(source.requests().length).toBeLessThan(8)
  })

  test('falls silent', async ({ setUp }) => {
    const { source, download } = await setUp(sizes)
    source.behave({ rate: 1 })
    expect(await hubErrorOf(download({ tuning: { idleTimeoutMs: 400, tries: 2 } }))).toMatchObject({
      kind: 'upstream',
      code: 'timed_out',
    })
  })
})

describe.concurrent('going on with what is there', () => {
  /** Fetches about `bytes` and is aborted. */
  const begin = async (one: SetUp, bytes: number, request: object = {}) => {
    const abort = new AbortController()
    one.source.behave({ rate: 12 * mebibyte })
    const begun = one.download({
      ...request,
      signal: abort.signal,
      onProgress: ({ done }) => done >= bytes && abort.abort(new Error('enough')),
    })
    await expect(begun).rejects.toThrow('enough')
    one.source.behave({ rate: null })
    return one.source.served()
  }

  test('an abort keeps it, and the rest is asked for with the validator', async ({ setUp }) => {
    const one = await setUp(16 * mebibyte)
    const before = await begin(one, 10 * mebibyte)
    const asked = one.source.requests().length
    expect((await one.download()).sha256).toBe(one.source.sha256)
    expect(one.source.served() - before).toBeLessThanOrEqual(6 * mebibyte)
    const first = one.source.requests()[asked]
    expect(first?.range).toMatch(/^bytes=\d{8,}-/)
    expect(first?.ifRange).toBe('"one"')
  })

  test.for<[string, { etag: string | null; seed: number; heedsIfRange: boolean }]>([
    ['changed content and validator', { etag: '"two"', seed: 2, heedsIfRange: true }],
    [
      'changed content and validator, from a source that does not heed If-Range',
      { etag: '"two"', seed: 2, heedsIfRange: false },
    ],
    ['changed content, no validator any more', { etag: null, seed: 2, heedsIfRange: true }],
  ])('%s: anew', async ([_name, { etag, seed, heedsIfRange }], { setUp }) => {
    const one = await setUp(16 * mebibyte, { heedsIfRange })
    await begin(one, 10 * mebibyte)
    one.source.change(seed, etag)
    const done = await one.download()
    expect(done.sha256).not.toBe(one.source.sha256)
    expect(done.sha256).toBe(one.hashOfPart())
    expect(await digestOf(16 * mebibyte, seed)).toBe(done.sha256)
  })

  test.for([{ etag: 'W/"one"' }, { etag: null }])(
    'validator $etag: anew without a digest, on with one',
    async ({ etag }, { setUp }) => {
      const one = await setUp(16 * mebibyte, { etag })
      let before = await begin(one, 10 * mebibyte)
      expect((await one.download()).sha256).toBe(one.source.sha256)
      expect(one.source.served() - before).toBe(16 * mebibyte)
      expect(one.source.requests().every(({ ifRange }) => ifRange === undefined)).toBe(true)

      const two = await setUp(16 * mebibyte, { etag })
      const { sha256 } = two.source
      before = await begin(two, 10 * mebibyte, { sha256 })
      expect((await two.download({ sha256 })).sha256).toBe(sha256)
      expect(two.source.served() - before).toBeLessThanOrEqual(6 * mebibyte)
    },
  )

  test('another validator stated with the link: anew', async ({ setUp }) => {
    const one = await setUp(16 * mebibyte)
    const source = (etag: string) => () => Promise.resolve({ url: one.source.url, headers: {}, etag })
    const before = await begin(one, 10 * mebibyte, { source: source('"a"') })
    await one.download({ source: source('"b"') })
    expect(one.source.served() - before).toBe(16 * mebibyte)
  })

  test('a source that ignores ranges by now is fetched whole', async ({ setUp }) => {
    const one = await setUp(16 * mebibyte)
    await begin(one, 10 * mebibyte)
    one.source.behave({ ranges: false })
    expect((await one.download()).sha256).toBe(one.source.sha256)
  })

  test('a source that ignores ranges and is cut: begun anew, a few times', async ({ setUp }) => {
    const one = await setUp(12 * mebibyte, {
      ranges: false,
      cutAfter: (request) => (request < 4 ? 5 * mebibyte : null),
    })
    expect((await one.download({ streams: 8, sha256: one.source.sha256 })).size).toBe(12 * mebibyte)
    expect(one.source.requests()).toHaveLength(4)
    one.source.behave({ cutAfter: () => 5 * mebibyte })
    expect(await hubErrorOf(one.download({ key: 'other' }))).toMatchObject({ kind: 'upstream' })
    expect(one.source.requests().length).toBeLessThan(12)
  })

  test('a file that is shorter by now (416): anew', async ({ setUp, open }) => {
    const one = await setUp(16 * mebibyte)
    await begin(one, 10 * mebibyte)
    const short = await open(4 * mebibyte)
    const done = await one.download({ source: () => Promise.resolve({ url: short.url, headers: {} }) })
    expect([done.size, done.sha256]).toEqual([4 * mebibyte, short.sha256])
    expect(short.requests()[0]?.range).toMatch(/^bytes=\d{8,}-/)
  })

  test('a file that changes under several streams is not mixed', async ({ setUp }) => {
    const one = await setUp(32 * mebibyte, { rate: 4 * mebibyte })
    const begun = one.download({ streams: 8 })
    await sleep(1_200)
    one.source.change(2, '"two"')
    one.source.behave({ rate: null })
    expect((await begun).sha256).toBe(await digestOf(32 * mebibyte, 2))
  })

  test('a torn or foreign journal, and a part file that lost its end, are not believed', async ({ setUp }) => {
    const one = await setUp(16 * mebibyte)
    await begin(one, 10 * mebibyte)
    // A line that was being written when the machine died.
    appendFileSync(one.journal, '{"size":16777216,"etag":"\\"one\\"","statedEtag":null,"have":[[0,167')
    expect((await one.download()).sha256).toBe(one.source.sha256)
    writeFileSync(one.journal, 'garbage\n')
    expect((await one.download()).sha256).toBe(one.source.sha256)
    truncateSync(one.part, mebibyte)
    expect((await one.download()).sha256).toBe(one.source.sha256)
    expect(readFileSync(one.journal, 'utf8').split('\n').length).toBeLessThan(12)
  })

  test('two at once of the same file are refused', async ({ setUp }) => {
    const one = await setUp(4 * mebibyte)
    const first = one.download()
    expect(await hubErrorOf(one.download())).toMatchObject({ kind: 'conflict', code: 'download_running' })
    await first
  })
})

describe.concurrent('links', () => {
  test.for([401, 403, 400, 404])(
    'one that expires in the middle (%d) is replaced, and the same file goes on',
    async (status, { setUp }) => {
      const one = await setUp(24 * mebibyte, { rate: 24 * mebibyte })
      // The first link is good for a few requests; what is running by then goes on.
      one.source.behave({
        instead: (number, asked) => (number > 2 && asked.url?.endsWith('link=1') === true ? { status } : null),
      })
      let given = 0
      const done = await one.download({
        streams: 8,
        source: () => Promise.resolve({ url: `${one.source.origin}/f?link=${++given}`, headers: {} }),
      })
      expect([done.sha256, given]).toEqual([one.source.sha256, 2])
      expect(one.source.served()).toBeLessThan(26 * mebibyte)
    },
  )

  test('one that nobody can replace ends the download with a remedy, and what there was is kept', async ({ setUp }) => {
    const one = await setUp(4 * mebibyte, { instead: () => ({ status: 403 }) })
    const error = await hubErrorOf(one.download())
    expect(error).toMatchObject({ kind: 'upstream', code: 'link_refused', details: { upstreamStatus: 403 } })
    expect(error.message).not.toContain('signature')
    expect(one.source.requests().length).toBeLessThan(5)
  })

  test('a redirect to another origin gets no credentials, and is asked for once', async ({ setUp, open }) => {
    const storage = await open(24 * mebibyte)
    const one = await setUp(0, {
      instead: () => ({ status: 302, headers: { location: `${storage.origin}/signed?sig=1` } }),
    })
    const done = await one.download({
      source: () =>
        Promise.resolve({
          url: `${one.source.origin}/resolve`,
          headers: { authorization: 'Bearer hush', cookie: 'c=1' },
        }),
    })
    expect(done.sha256).toBe(storage.sha256)
    expect(one.source.requests().map(({ authorization }) => authorization)).toEqual(['Bearer hush'])
    expect(storage.requests().length).toBeGreaterThan(2)
    expect(
      storage.requests().every(({ authorization, cookie }) => authorization === undefined && cookie === undefined),
    ).toBe(true)
  })

  test('redirects without end are not followed', async ({ setUp }) => {
    const one = await setUp(mebibyte, { instead: () => ({ status: 302, headers: { location: '/again?x=1' } }) })
    expect(await hubErrorOf(one.download())).toMatchObject({ code: 'too_many_redirects' })
    expect(one.source.requests()).toHaveLength(6)
  })

  test('Retry-After is honoured', async ({ setUp }) => {
    const one = await setUp(mebibyte, {
      instead: (request) => (request < 3 ? { status: 429, headers: { 'retry-after': '1' } } : null),
    })
    const began = performance.now()
    expect((await one.download()).sha256).toBe(one.source.sha256)
    expect(performance.now() - began).toBeGreaterThan(1_950)
    one.source.behave({ instead: () => ({ status: 503, headers: { 'retry-after': '86400' } }) })
    expect(await hubErrorOf(one.download({ key: 'other' }))).toMatchObject({ kind: 'upstream', code: 'source_busy' })
  })

  test('an address that the policy refuses is refused at once', async ({ setUp }) => {
    const one = await setUp(mebibyte, { instead: () => ({ status: 302, headers: { location: 'http://10.0.0.1/' } }) })
    expect(await hubErrorOf(one.download())).toMatchObject({ kind: 'forbidden', code: 'address_refused' })
    expect(one.source.requests()).toHaveLength(1)
  })
})

test('a disk that fills up ends the download, keeps what there was, and is told as such', async ({ skip, setUp }) => {
  const disk = temporaryFolder('small-disk')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk.path]).status === 0
  try {
    if (!mounted) return skip('a small file system cannot be mounted here')
    const one = await setUp(64 * mebibyte)
    const request = { folder: disk.path, sha256: one.source.sha256 }
    expect(await hubErrorOf(one.download(request))).toMatchObject({ kind: 'limit', code: 'disk_full' })
    expect(freeBytes(disk.path)).toBeGreaterThanOrEqual(workingBytes)
    const before = one.source.served()
    spawnSync('mount', ['-o', 'remount,size=128m', disk.path])
    expect((await one.download(request)).sha256).toBe(one.source.sha256)
    expect(one.source.served() - before).toBeLessThan(60 * mebibyte)
  } finally {
    if (mounted) spawnSync('umount', [disk.path])
    disk.remove()
  }
})

test('killed at random: the right bytes in the end, and not more than 64 MiB again for each kill', async ({
  setUp,
}) => {
  const random = seededFor('download kills')
  const kills = amount({ slice: 3, full: 12 })
  const one = await setUp(amount({ slice: 160, full: 2_048 }) * mebibyte, { rate: 15 * mebibyte })
  const program = fileURLToPath(new URL('./support/download-child.ts', import.meta.url))
  const again: number[] = []
  let known = 0
  const haveNow = () => {
    // Killed before its first line: nothing is known.
    const last = existsSync(one.journal) ? (readFileSync(one.journal, 'utf8').trimEnd().split('\n').at(-1) ?? '') : ''
    if (last === '') return 0
    return (JSON.parse(last) as { have: [number, number][] }).have.reduce((sum, [start, end]) => sum + end - start, 0)
  }
  for (let kill = 0; kill < kills; kill++) {
    // A source of every kind: several streams from one that is slow, one from one that is quick.
    one.source.behave({ rate: kill % 3 === 2 ? null : 15 * mebibyte })
    const served = one.source.served()
    const child = spawn(process.execPath, [program, one.source.url, one.folder, one.source.sha256], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    // A busy machine may take long to start it: what is killed must be at work.
    await waitUntil(() => one.source.served() > served + mebibyte || child.exitCode !== null, 30_000)
    await Promise.race([ended, sleep(400 + random() * amount({ slice: 1_000, full: 2_500 }))])
    child.kill('SIGKILL')
    await ended
    await sleep(200)
    const have = haveNow()
    again.push(one.source.served() - served - (have - known))
    known = have
  }
  one.source.behave({ rate: null })
  const served = one.source.served()
  const child = spawn(process.execPath, [program, one.source.url, one.folder, one.source.sha256], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  await once(child, 'close')
  expect(JSON.parse(output)).toMatchObject({ size: one.source.size, sha256: one.source.sha256 })
  expect(one.source.served() - served).toBe(one.source.size - known)
  process.stdout.write(
    `  ${kills} kills, MiB fetched again for each: ${again.map((bytes) => (bytes / mebibyte).toFixed(1)).join(' ')}\n`,
  )
  expect(Math.max(...again)).toBeLessThanOrEqual(64 * mebibyte)
  // What was fetched before the last kill was gone on with.
  expect(known).toBeGreaterThanOrEqual(8 * mebibyte)
  // A kill that cost nothing at all would mean that nothing was killed.
  expect(Math.max(...again)).toBeGreaterThan(0)
})

/** The digest of the content of another seed. */
async function digestOf(size: number, seed: number): Promise<string> {
  const one = await startFaultSource(size, {}, seed)
  await one.close()
  return one.sha256
}
