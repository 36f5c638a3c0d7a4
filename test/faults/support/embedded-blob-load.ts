import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { openDiskBlobs } from '../../../server/platform/blobs/index.ts'
import { openJournal } from './embedded-journal.ts'

// A program that puts blobs, several at a time and some of them twice at once, and notes in the journal what it was told.

// oxlint-disable-next-line node/no-process-env -- the same place as the recorder's
const told = openJournal(process.env['MODELHUB_TEST_JOURNAL'] ?? '')
const store = openDiskBlobs(process.argv[2] ?? '')

const bytesOf = (n: number): Buffer =>
  Buffer.concat(
    Array.from({ length: 1 + ((n * 37) % 60) }, (_none, part) => createHash('sha512').update(`${n} ${part}`).digest()),
  )
const put = async (n: number) => {
  const { sha256 } = await store.put(Readable.from([bytesOf(n)]))
  told({ op: 'told', what: 'stored', sha256 })
}
for (let n = 0; n < 60; n += 3) await Promise.all([n, n, n + 1, n + 2, n + 2].map(put))
