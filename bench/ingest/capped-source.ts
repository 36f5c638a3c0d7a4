import { startFaultSource } from '../../test/faults/support/fault-source.ts'

// A source in a process of its own, so that its work is not the downloader's. Ends with its parent.

const [size = '', rate = '', seed = '1'] = process.argv.slice(2)
const source = await startFaultSource(Number(size), { rate: Number(rate) }, Number(seed), header(Number(size)))
process.stdout.write(`${JSON.stringify({ url: source.url, sha256: source.sha256 })}\n`)
process.stdin.resume()
/** The file is safetensors: one tensor holds all that follows. Layout: https://huggingface.co/docs/safetensors */
function header(bytes: number): Buffer {
  const length = 512
  const data = bytes - 8 - length
  const json = JSON.stringify({ w: { dtype: 'U8', shape: [data], data_offsets: [0, data] } })
  const head = Buffer.alloc(8 + length, ' ')
  head.writeBigUInt64LE(BigInt(length))
  head.write(json, 8)
  return head
}

process.stdin.once('end', () => process.exit())
