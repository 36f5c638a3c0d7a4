import { startFaultSource } from '../../test/faults/support/fault-source.ts'

// A source in a process of its own, so that its work is not the downloader's. Ends with its parent.

const [size = '', rate = ''] = process.argv.slice(2)
const source = await startFaultSource(Number(size), { rate: Number(rate) })
process.stdout.write(`${JSON.stringify({ url: source.url, sha256: source.sha256 })}\n`)
process.stdin.resume()
process.stdin.once('end', () => process.exit())
