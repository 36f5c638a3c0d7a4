import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { conflict, HubError, upstream } from '../../kernel/index.ts'
import { type components, HubApiError } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { hubAnswer } from '../hub-answer.ts'
import type { LocalFile } from './collect-files.ts'

type UploadFile = components['schemas']['UploadFile']

/** Sent in one request, and so acknowledged together. */
const chunkBytes = 16 * 2 ** 20
const mostTries = 8
const longestPauseMs = 10_000
const mostBeginnings = 3

export type Sender = {
  ctx: Context
  hub: Hub
  uploadId: string
  onBytes: (bytes: number) => void
  signal: AbortSignal
}

/**
 * Sends what the hub has not of a file, and gives the SHA-256 of all of it. A connection that is lost is tried again; the hub says where
 * its bytes end. Throws `conflict` `file_changed`, and what the hub refuses.
 * @param received bytes that are there already
 */
export async function sendFile(sender: Sender, file: LocalFile, ordinal: number, received: number): Promise<string> {
  for (let beginning = 1, at = received; ; beginning++) {
    const sent = await sendFrom(sender, file, ordinal, at)
    if (typeof sent === 'string') return sent
    // The hub has fewer bytes than it said, as after its disk was put back.
    if (beginning === mostBeginnings) {
      throw upstream(
        'upload_lost',
        `The hub lost bytes of ${file.path} again and again.`,
        'Look at the disk of the hub.',
      )
    }
    at = sent.at
  }
}

async function sendFrom(
  sender: Sender,
  file: LocalFile,
  ordinal: number,
  received: number,
): Promise<string | { at: number }> {
  const handle = await open(file.full, 'r')
  try {
    const before = await handle.stat()
    if (before.size !== file.size) throw fileChanged(file)
    const hash = await hashOfStart(handle, received, sender.signal)
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, file.size))
    for (let at = received; at < file.size; ) {
      const chunk = await fill(handle, buffer, at)
      if (chunk.length === 0) throw fileChanged(file)
      hash.update(chunk)
      for (let done = 0; done < chunk.length; ) {
        const end = await put(sender, ordinal, at + done, chunk.subarray(done))
        if (end < at || end > at + chunk.length) return { at: end }
        done = end - at
      }
      at += chunk.length
      sender.onBytes(chunk.length)
    }
    const after = await handle.stat()
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw fileChanged(file)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

async function hashOfStart(handle: FileHandle, bytes: number, signal: AbortSignal): Promise<Hash> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(2 ** 20, Math.max(1, bytes)))
  for (let at = 0; at < bytes; ) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, bytes - at), at)
    if (bytesRead === 0) return hash
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
  return hash
}

async function fill(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Where the bytes that the hub has end, afterwards. */
async function put(sender: Sender, ordinal: number, offset: number, bytes: Buffer): Promise<number> {
  const { ctx, hub, uploadId, signal } = sender
  for (let tries = 1; ; tries++) {
    try {
      const answer = await hubAnswer(hub, `/uploads/${uploadId}/files/${ordinal}?offset=${offset}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length),
        signal,
      })
      return ((await answer.json()) as UploadFile).receivedBytes
    } catch (error) {
      signal.throwIfAborted()
      const there = endOf(error)
      if (there !== null) return there
      if (!mayPass(error) || tries === mostTries) throw error
      await ctx.sleep(Math.min(longestPauseMs, 250 * 2 ** tries), signal)
    }
  }
}

/** What the hub says where its bytes end, when it refused others. */
function endOf(error: unknown): number | null {
  if (!(error instanceof HubApiError) || error.problem?.code !== 'wrong_offset') return null
  const { receivedBytes } = error.problem.details ?? {}
  return typeof receivedBytes === 'number' ? receivedBytes : null
}

const passing = new Set([408, 429, 500, 502, 503, 504])

function mayPass(error: unknown): boolean {
  if (error instanceof HubApiError) return passing.has(error.status) || error.problem?.code === 'upload_busy'
  return error instanceof HubError ? error.kind === 'upstream' : error instanceof TypeError
}

const fileChanged = (file: LocalFile) =>
  conflict(
    'file_changed',
    `${file.full} changed while it was sent.`,
    'Wait until nothing writes to it, then run the command again.',
  )
