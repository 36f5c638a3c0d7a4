import type { FileHandle } from 'node:fs/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { blockBytes, isTarHeader } from './tar-header.ts'

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz' | 'tar.zst'

/** Files of models that are archives by their content; a loader wants them whole. */
const containers =
  /\.(pt|pth|bin|ckpt|pkl|npz|keras|nemo|mar|onnx|safetensors|gguf|whl|jar|mlmodel|mlpackage|tflite|task|model|rknn)$/i
const archiveNames = /\.(zip|tar|tgz|tar\.(gz|zst)|tzst)$/i
const headBytes = 64 * 1024

/** By its name alone, before there are bytes to look at. */
export const looksUnpackable = (name: string): boolean => archiveNames.test(name)

/**
 * Which archive a file is, by its content; null for anything else, and for files of models that happen to be archives (a torch
 * checkpoint is a zip).
 */
export async function detectArchive(handle: FileHandle, name: string): Promise<ArchiveKind | null> {
  if (containers.test(name)) return null
  const buffer = Buffer.alloc(headBytes)
  const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
  const head = buffer.subarray(0, bytesRead)
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) return isTorch(head) ? null : 'zip'
  if (startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return 'zip'
  if (startsWith(head, [0x1f, 0x8b]))
    return isTarHeader(await firstBytes(createGunzip({ chunkSize: blockBytes }), head)) ? 'tar.gz' : null
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd]))
    return isTarHeader(await firstBytes(createZstdDecompress({ chunkSize: blockBytes }), head)) ? 'tar.zst' : null
  return isTarHeader(head) ? 'tar' : null
}

const startsWith = (head: Buffer, magic: readonly number[]) => magic.every((byte, index) => head[index] === byte)

/** The first member of what torch.save writes. */
function isTorch(head: Buffer): boolean {
  if (head.length < 30) return false
  const name = head.subarray(30, 30 + head.readUInt16LE(26)).toString('latin1')
  return /^[^/]+\/(data\.pkl|byteorder|\.format_version|version|constants\.pkl)$/.test(name)
}

/** The first block of what a compressed head holds; shorter when it holds less, or is damaged. */
function firstBytes(inflate: ReturnType<typeof createGunzip>, head: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    // The head is cut off in the middle of the stream, so an error is as good as an end: what came before is enough or is not.
    const end = () => resolve(Buffer.concat(parts))
    inflate.once('error', end).once('close', end)
    inflate.on('data', (chunk: Buffer) => {
      parts.push(chunk)
      bytes += chunk.length
      if (bytes >= blockBytes) inflate.destroy()
    })
    inflate.end(head)
  })
}
