/** Words of the built-in prompts: plain, of one to three syllables, in no order that means anything. */
const words =
  'river stone window morning paper garden silver bridge letter market summer candle harbor pencil meadow winter mirror ladder basket copper'.split(
    ' ',
  )

/** The built-in prompt of request `index`: 12 to 31 words chosen by `seed`, so that equal specs send equal bytes. */
export function builtInPrompt(seed: number, index: number): string {
  const random = mulberry32(seed * 100_003 + index)
  const length = 12 + Math.floor(random() * 20)
  return Array.from({ length }, () => words[Math.floor(random() * words.length)] ?? '').join(' ')
}

/** Mulberry32 by Tommy Ettinger (public domain): a 32-bit generator that is good enough to choose words. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
