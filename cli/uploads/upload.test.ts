import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { routes } from '../../contract/index.ts'
import { runCommand } from '../testing/test-context.ts'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const at = '2026-11-23T12:00:00.000Z'
const mebibyte = 2 ** 20

type File = { path: string; size: number; bytes: Buffer }
/** What happens to a PUT: nothing comes back after so many bytes were kept, or another answer. */
type Fault = { cutAfter?: number; status?: number; code?: string; loses?: boolean }

let server: Server
let url: string
let folder: string
let files: File[] = []
let state: 'open' | 'ready' = 'open'
let checking = 0
let faults: Fault[] = []
let puts: { ordinal: number; offset: number; length: number }[] = []
let finished: unknown
let duringPut: () => void = () => undefined

beforeEach(async () => {
  ;[files, state, checking, faults, puts, finished, duringPut] = [[], 'open', 0, [], [], undefined, () => undefined]
  folder = mkdtempSync(join(tmpdir(), 'modelhub-upload-'))
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

/** A hub that takes uploads, as far as the command line can tell, with faults on the way. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', url)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  const problem = (status: number, code: string, details?: object) =>
    json(status, {
      type: 'about:blank',
      title: code,
      status,
      detail: code,
      kind: 'conflict',
      code,
      requestId: 'r',
      details,
    })
  const put = /\/files\/(\d+)$/.exec(pathname)
  if (put !== null) {
    const ordinal = Number(put[1])
    const offset = Number(searchParams.get('offset'))
    const file = files[ordinal]
    if (file === undefined) return void problem(404, 'upload_file_not_found')
    puts.push({ ordinal, offset, length: body.length })
    duringPut()
    const fault = faults.shift() ?? {}
    if (fault.loses === true) file.bytes = Buffer.alloc(0)
    if (offset !== file.bytes.length) return void problem(409, 'wrong_offset', { receivedBytes: file.bytes.length })
    if (fault.status !== undefined) return void problem(fault.status, fault.code ?? 'not_now')
    file.bytes = Buffer.concat([file.bytes, body.subarray(0, fault.cutAfter ?? body.length)])
    if (fault.cutAfter !== undefined) return void response.destroy()
    return void json(200, presented(ordinal))
  }
  if (request.method === 'POST' && pathname.endsWith('/finish')) {
    finished = JSON.parse(body.toString())
    state = checking-- > 0 ? 'open' : 'ready'
    return void json(200, { ...upload(), state: state === 'ready' ? 'ready' : 'checking' })
  }
  if (request.method === 'POST') {
    const input = routes.createUpload.body.parse(JSON.parse(body.toString()))
    files = input.files.map(({ path, size }) => ({ path, size, bytes: Buffer.alloc(0) }))
    return void json(201, upload())
  }
  if (pathname.endsWith('/uploads')) {
    const wanted = searchParams.get('listDigest')
    const same = files.length > 0 && listDigest() === wanted && state === 'open'
    return void json(200, { items: same ? [upload()] : [], nextCursor: null })
  }
  const items = files.map((_file, ordinal) => presented(ordinal))
  json(200, routes.getUpload.response.parse({ ...upload(), files: { items, nextCursor: null } }))
}

const listDigest = () => sha(files.map(({ path, size }) => `${size} ${path}\n`).join(''))
const presented = (ordinal: number) => ({
  ordinal,
  path: files[ordinal]?.path ?? '',
  size: files[ordinal]?.size ?? 0,
  receivedBytes: files[ordinal]?.bytes.length ?? 0,
  sha256: null,
})
const upload = () =>
  routes.createUpload.response.parse({
    id: 'upl_1',
    projectId: 'prj_1',
    name: 'model',
    state,
    fileCount: files.length,
    totalBytes: files.reduce((sum, { size }) => sum + size, 0),
    receivedBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    listDigest: listDigest(),
    createdBy: 'Ada',
    createdAt: at,
    updatedAt: at,
    expiresAt: at,
    source: null,
  })

const write = (path: string, bytes: Buffer | string) => {
  const full = join(folder, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, bytes)
  return full
}
const run = (...argv: string[]) =>
  runCommand(argv, { folder, variables: { MODELHUB_URL: url, MODELHUB_TOKEN: 'secret' } })
const received = () => Object.fromEntries(files.map(({ path, bytes }) => [path, sha(bytes)]))

test('sends what is in a folder, with links as the files they name, and digests in the end', async () => {
  const big = randomBytes(20 * mebibyte)
  write('model/weights.gguf', big)
  write('model/sub/config.json', '{}')
  write('model/empty.txt', '')
  write('model/.git/HEAD', 'ref')
  symlinkSync('sub/config.json', join(folder, 'model', 'link.json'))
  symlinkSync('nothing', join(folder, 'model', 'dangling'))
  checking = 2
  const result = await run('upload', 'model')
  expect(result).toMatchObject({ code: 0, out: expect.stringContaining('upl_1  4 files, 21 MB') })
  expect(result.err).toContain('dangling is no file and is left out.')
  expect(received()).toEqual({
    'empty.txt': sha(''),
    'link.json': sha('{}'),
    'sub/config.json': sha('{}'),
    'weights.gguf': sha(big),
  })
  expect(finished).toEqual({
    files: files.map(({ bytes }, ordinal) => ({ ordinal, sha256: sha(bytes) })),
  })
})

test('goes on after lost connections, lost answers, and a hub that is busy or starts', async () => {
  const bytes = randomBytes(3 * mebibyte)
  write('a.bin', bytes)
  faults = [
    { cutAfter: 100 },
    { cutAfter: 0 },
    { status: 503 },
    { status: 409, code: 'upload_busy' },
    // All of it is there, and nobody heard so.
    { cutAfter: 3 * mebibyte },
  ]
  expect(await run('upload', 'a.bin')).toMatchObject({ code: 0 })
  expect(received()).toEqual({ 'a.bin': sha(bytes) })
  expect(finished).toEqual({ files: [{ ordinal: 0, sha256: sha(bytes) }] })
})

test('a second run sends only what is missing, and hashes all', async () => {
  const bytes = randomBytes(mebibyte)
  write('a.bin', bytes)
  faults = Array.from({ length: 20 }, () => ({ status: 503 }))
  faults.unshift({ cutAfter: 300_000 })
  const broken = await run('upload', 'a.bin')
  expect(broken.code).toBe(1)
  expect(broken.err).toContain('run the command again to go on')
  faults = []
  puts = []
  const again = await run('upload', 'a.bin')
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('Going on with upl_1') })
  expect(puts).toEqual([{ ordinal: 0, offset: 300_000, length: mebibyte - 300_000 }])
  expect(finished).toEqual({ files: [{ ordinal: 0, sha256: sha(bytes) }] })
})

test('begins a file anew when the hub lost it, and gives up when that happens again and again', async () => {
  const bytes = randomBytes(40 * mebibyte)
  write('a.bin', bytes)
  faults = [{}, { loses: true }]
  expect(await run('upload', 'a.bin')).toMatchObject({ code: 0 })
  expect(received()).toEqual({ 'a.bin': sha(bytes) })
  ;[files, state] = [[], 'open']
  faults = Array.from({ length: 40 }, (_one, i) => (i % 2 === 1 ? { loses: true } : {}))
  expect(await run('upload', 'a.bin')).toMatchObject({ code: 1, err: expect.stringContaining('again and again') })
})

test('another program that sends the same, a file that changes, and a path that is none end it', async () => {
  write('a.bin', randomBytes(1_000))
  faults = [{ status: 409, code: 'upload_taken_over' }]
  expect(await run('upload', 'a.bin')).toMatchObject({ code: 1, err: expect.stringContaining('upload_taken_over') })
  expect(puts).toHaveLength(1)
  const long = write('long.bin', randomBytes(40 * mebibyte))
  duringPut = () => truncateSync(long, 17 * mebibyte)
  const changed = await run('upload', 'long.bin')
  expect(changed).toMatchObject({ code: 1, err: expect.stringContaining('changed while it was sent') })
  expect(finished).toBeUndefined()
  expect(await run('upload', 'none')).toMatchObject({ code: 1, err: expect.stringContaining('There is nothing at') })
  expect(await run('upload')).toMatchObject({ code: 3 })
})

test('what does not fit together is wrong use, before a byte is sent', async () => {
  write('a.bin', 'a')
  for (const argv of [
    ['add', 'hf:acme/tiny', '--upload'],
    ['add', 'a.bin', '--upload', '--dry-run'],
    ['add', 'upload:upl_1', '--upload'],
    ['add', 'upload:nonsense'],
    ['add', 'hf:acme/tiny', '--checksums', 'x'],
  ]) {
    expect(await run(...argv), argv.join(' ')).toMatchObject({ code: 3 })
  }
  expect([puts, files]).toEqual([[], []])
  expect(readFileSync(join(folder, 'a.bin'), 'utf8')).toBe('a')
})
