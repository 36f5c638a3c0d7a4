import { connect, type Socket } from 'node:net'
import { HubError } from '../../kernel/index.ts'

/** Where a clamd listens: a host and port, or the path of a Unix socket. */
export type ClamavAddress = { host: string; port: number } | { path: string }

/**
 * What clamd says of a file: `null` for nothing found, which is no proof of anything. `too-large` is beyond a limit of its own, within
 * which it would have had to stay to see all of it.
 */
export type ClamavVerdict = { signature: string | null } | { skipped: 'too-large' }

/** What clamd says of itself. */
export type ClamavVersion = {
  /** Such as `ClamAV 1.4.2`. */
  engine: string
  /** Number of the signature database; null: it has none loaded, or does not say. */
  database: string | null
  /** When that database was made, as it says. */
  databaseAt: Date | null
}

export type ClamavPatience = {
  /** Milliseconds of silence after which it is given up. */
  silenceMs?: number
  /** Milliseconds for a whole file, silent or not. */
  totalMs?: number
}

const chunkBytes = 64 * 1024
const maxReply = 4096
/** Longer than the two minutes that clamd gives one file unless told otherwise (MaxScanTime). */
const silence = 150_000
const shortSilence = 5_000
const total = 900_000

/** Reads `MODELHUB_CLAMAV`: `host:port`, `[address]:port`, or the absolute path of a socket. Throws `invalid` for anything else. */
export function parseClamavAddress(text: string): ClamavAddress {
  if (text.startsWith('/')) return { path: text }
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host !== undefined && port > 0 && port < 65_536) return { host, port }
  throw new HubError({
    kind: 'invalid',
    code: 'clamav_address',
    message: 'The address of the virus scanner is neither host:port nor the path of a socket.',
    remedy: 'Set MODELHUB_CLAMAV to host:port or to the absolute path of the socket of clamd.',
  })
}

/** Whether `parseClamavAddress` takes it. */
export function isClamavAddress(text: string): boolean {
  try {
    parseClamavAddress(text)
    return true
  } catch {
    return false
  }
}

/** An address as people write it. */
export function clamavAddressText(address: ClamavAddress): string {
  if ('path' in address) return address.path
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}

/**
 * Sends bytes to clamd (INSTREAM) and gives back what it says. One connection for each file; pieces wait for the socket.
 * Throws `upstream` `clamav_unavailable` when clamd cannot be reached, breaks off, takes too long or answers otherwise, what `bytes`
 * throws, and the signal's reason when cancelled. Source: clamd(8), INSTREAM.
 */
export async function scanWithClamav(
  address: ClamavAddress,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal?: AbortSignal,
  patience: ClamavPatience = {},
): Promise<ClamavVerdict> {
  const { silenceMs = silence, totalMs = total } = patience
  return await talk(address, { silenceMs, totalMs }, signal, async (socket, reply) => {
    const sent: { broken?: unknown } = {}
    let answered = false
    reply.then(
      () => (answered = true),
      () => (answered = true),
    )
    await sendAll(socket, bytes, () => answered).catch((error: unknown) => {
      sent.broken = error
    })
    // A file that cannot be read is nobody's fault but its own: clamd is not waited for.
    if (sent.broken instanceof SourceError) throw sent.broken
    // clamd answers and hangs up before the end when it found something or the file is beyond its limit. Such an answer counts, if it
    // came through; that nothing was found in a part does not.
    const verdict = verdictOf(await reply)
    if (sent.broken !== undefined && 'signature' in verdict && verdict.signature === null) throw sent.broken
    return verdict
  }).catch((error: unknown) => {
    throw error instanceof SourceError ? error.cause : error
  })
}

/**
 * Asks clamd whether it is there (PING) and what it is (VERSION). Throws `upstream` `clamav_unavailable` when it is not, or does not say
 * within seconds. Source: clamd(8).
 */
export async function askClamavVersion(
  address: ClamavAddress,
  signal?: AbortSignal,
  silenceMs: number = shortSilence,
): Promise<ClamavVersion> {
  const ask = (command: string) =>
    talk(address, { silenceMs, totalMs: 2 * silenceMs }, signal, async (socket, reply) => {
      // Why nothing can be sent is told by the reply.
      await send(socket, Buffer.from(`z${command}\0`)).catch(() => undefined)
      return await reply
    })
  const pong = await ask('PING')
  if (pong.trim() !== 'PONG') throw unavailable(new Error(`it answered "${shown(pong)}" to PING`))
  const version = await ask('VERSION')
  // ClamAV 1.4.2/27500/Thu Nov 19 09:34:40 2026
  const [engine = '', database = '', at = ''] = version.trim().split('/', 3)
  if (!engine.startsWith('ClamAV ')) throw unavailable(new Error(`it answered "${shown(version)}" to VERSION`))
  // It says no zone; the hub takes it for UTC, which is off by hours at most.
  const databaseAt = new Date(`${at} UTC`)
  return {
    engine: shown(engine),
    database: /^\d{1,12}$/.test(database) ? database : null,
    databaseAt: Number.isNaN(databaseAt.getTime()) ? null : databaseAt,
  }
}

async function talk<T>(
  address: ClamavAddress,
  { silenceMs, totalMs }: Required<ClamavPatience>,
  signal: AbortSignal | undefined,
  say: (socket: Socket, reply: Promise<string>) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const socket = connect('path' in address ? { path: address.path } : { host: address.host, port: address.port })
  const stop = (): void => void socket.destroy(signal?.reason instanceof Error ? signal.reason : undefined)
  signal?.addEventListener('abort', stop, { once: true })
  const late = () => socket.destroy(new Error('it did not answer in time'))
  socket.setTimeout(silenceMs, late)
  // Whoever sends a byte now and then is not silent.
  const end = setTimeout(late, totalMs)
  const reply = replyOf(socket)
  // What goes wrong while sending is told by the reply, which ends with the socket.
  reply.catch(() => undefined)
  try {
    return await say(socket, reply)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof HubError || error instanceof SourceError) throw error
    throw unavailable(error)
  } finally {
    clearTimeout(end)
    signal?.removeEventListener('abort', stop)
    socket.destroy()
  }
}

const unavailable = (cause: unknown) =>
  new HubError({
    kind: 'upstream',
    code: 'clamav_unavailable',
    message: 'The virus scanner could not be asked.',
    remedy: 'Check that clamd runs and that MODELHUB_CLAMAV is its address.',
    cause,
  })

/** What the bytes to be sent threw, as opposed to the socket. */
class SourceError extends Error {}

async function* readSource(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of bytes) yield piece
  } catch (cause) {
    throw new SourceError('the file could not be read', { cause })
  }
}

async function sendAll(
  socket: Socket,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  answered: () => boolean,
): Promise<void> {
  await send(socket, Buffer.from('zINSTREAM\0'))
  for await (const piece of readSource(bytes)) {
    for (let from = 0; from < piece.length; from += chunkBytes) {
      if (answered()) throw new Error('it answered before the end')
      const part = piece.subarray(from, from + chunkBytes)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      await send(socket, Buffer.concat([length, part]))
    }
  }
  await send(socket, Buffer.alloc(4))
}

function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error == null ? resolve() : reject(error)))
  })
}

function replyOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\0') || text.length > maxReply) resolve(text.split('\0', 1)[0] ?? '')
    })
    socket.once('error', reject)
    // What was cut off before its end is no answer: "stream: OK" may be the beginning of something else.
    socket.once('close', () => reject(new Error(text === '' ? 'it hung up' : 'it hung up within its answer')))
  })
}

const shown = (text: string) => text.slice(0, 100).replaceAll(/[^\x20-\x7e]/g, '?')

function verdictOf(reply: string): ClamavVerdict {
  const found = /^stream: (.{1,200}) FOUND$/.exec(reply.trim())
  // With AlertExceedsMax it says of what it did not look at that it found something.
  if (found?.[1]?.startsWith('Heuristics.Limits.Exceeded')) return { skipped: 'too-large' }
  if (found?.[1] !== undefined) return { signature: found[1].replaceAll(/[^\x20-\x7e]/g, '?') }
  if (/^stream: OK$/.test(reply.trim())) return { signature: null }
  if (/size limit exceeded/i.test(reply)) return { skipped: 'too-large' }
  throw new Error(`it answered "${shown(reply)}"`)
}
