import { analyzeKerasConfig } from '../keras/analyze-config.ts'
import type { Walker } from './walker.ts'

const windowSize = 1024 * 1024
const maxSwept = 32 * 1024 * 1024
const needle = '"class_name"'
const maxBack = 4096

/**
 * Looks for Keras configurations in places that were not reached, such as heaps of a kind that is not read: a structure that
 * this reader does not follow must not hide what a loader would find.
 */
export function findConfigs(walker: Walker, gaps: readonly { address: number; length: number }[]): void {
  const { context, access } = walker
  let swept = 0
  for (const gap of gaps) {
    for (let done = 0; done < gap.length && swept < maxSwept; done += windowSize) {
      const address = gap.address + done
      const bytes = access.peek(address, Math.min(windowSize + maxBack, gap.length - done))
      swept += bytes.length
      const text = Buffer.from(bytes).toString('latin1')
      const hit = text.indexOf(needle)
      if (hit < 0) continue
      // The outermost object begins behind the last byte that is not text.
      let start = hit
      while (start > 0 && text.charCodeAt(start - 1) >= 0x20 && hit - start < maxBack) start -= 1
      const open = text.indexOf('{', start)
      const offset = access.base + address + open
      analyzeKerasConfig(
        { reader: context.reader, offset, length: gap.length - done - open, member: walker.member('?'), certain: true },
        (seen) => {
          if (seen.code !== 'keras.malformed' && !seen.code.startsWith('scan.')) context.observe(seen)
        },
      )
    }
  }
}
