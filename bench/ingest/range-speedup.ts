import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../kernel/index.ts'
import { createNet, downloadFile, parseAllowList } from '../../server/platform/net/index.ts'
import type { Measured } from '../ingest.ts'

const mebibyte = 2 ** 20
const size = 512 * mebibyte
const rate = 15 * mebibyte
const rounds = 5
const mostStreams = 8

/** Downloads from a source that caps each connection: with one stream, and with as many as the downloader takes. */
export async function measureRangeSpeedup(): Promise<Measured> {
  const program = fileURLToPath(new URL('./capped-source.ts', import.meta.url))
  const child = spawn(process.execPath, [program, String(size), String(rate)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const net = createNet({ allow: parseAllowList('127.0.0.1') })
  try {
    const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next()
    const { url, sha256 } = JSON.parse(String(value)) as { url: string; sha256: string }
    const seconds = async (streams: number) => {
      const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-ingest-'))
      const source = () => Promise.resolve({ url, headers: {} })
      const began = performance.now()
      try {
        await downloadFile(
          { net, clock: systemClock, tuning: { streams } },
          { key: 'file', size, sha256, source, folder },
          () => undefined,
          new AbortController().signal,
        )
        return (performance.now() - began) / 1_000
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
    const [single, several]: [number[], number[]] = [[], []]
    for (let i = 0; i < rounds; i++) {
      single.push(await seconds(1))
      several.push(await seconds(mostStreams))
    }
    const perSecond = (all: readonly number[]) => all.map((one) => size / mebibyte / one)
    return {
      ratios: single.map((one, i) => one / (several[i] ?? Number.NaN)),
      control: single,
      facts: {
        sizeBytes: size,
        connectionBytesPerSecond: rate,
        singleMiBPerSecond: perSecond(single),
        severalMiBPerSecond: perSecond(several),
      },
    }
  } finally {
    child.stdin.end()
    await net.close()
  }
}
