import { systemClock } from '../../../kernel/index.ts'
import { createNet, downloadFile, parseAllowList } from '../../../server/platform/net/index.ts'

// Downloads one file and prints its digest; killed at any moment by whoever started it.

const [url = '', folder = '', sha256 = '', streams = '8'] = process.argv.slice(2)
const net = createNet({ allow: parseAllowList('127.0.0.1') })
const done = await downloadFile(
  { net, clock: systemClock, tuning: { streams: Number(streams) } },
  {
    key: 'model',
    size: null,
    sha256: sha256 === '' ? null : sha256,
    source: () => Promise.resolve({ url, headers: {} }),
    folder,
  },
  () => undefined,
  new AbortController().signal,
)
process.stdout.write(`${JSON.stringify(done)}\n`)
await net.close()
