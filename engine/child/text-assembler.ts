/** How many tokens may wait for the rest of a character; a character has 4 bytes at most, each at most one token. */
const maxHeldTokens = 4
const replacement = '\uFFFD'

export type TextAssembler = {
  /** Text that is certain after this token; empty while a character or a possible stop text is incomplete. */
  push: (token: number) => { text: string; stopped: boolean }
  /** What was held back, once no more tokens come. */
  flush: () => string
}

/**
 * Turns tokens into text piece by piece. Bytes of one character that come as several tokens are held until it is whole;
 * text that may be the beginning of a stop text is held until it is not. A stop text itself is never given out.
 * @param detokenize text of some tokens that follow others
 */
export function createTextAssembler(
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  stops: readonly string[],
): TextAssembler {
  let held: number[] = []
  let before: number[] = []
  let pending = ''

  return {
    push: (token) => {
      held.push(token)
      const text = detokenize(held, before)
      if (text.endsWith(replacement) && held.length < maxHeldTokens) return { text: '', stopped: false }
      before = [...before, ...held].slice(-4)
      held = []
      pending += text
      const stopAt = firstStop(pending, stops)
      if (stopAt !== undefined) {
        const certain = pending.slice(0, stopAt)
        pending = ''
        return { text: certain, stopped: true }
      }
      const keep = possibleStopLength(pending, stops)
      const certain = pending.slice(0, pending.length - keep)
      pending = pending.slice(pending.length - keep)
      return { text: certain, stopped: false }
    },
    flush: () => {
      const rest = pending + (held.length === 0 ? '' : detokenize(held, before))
      held = []
      pending = ''
      return rest
    },
  }
}

function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
  return found.length === 0 ? undefined : Math.min(...found)
}

/** Length of the longest end of `text` that a stop text begins with. */
function possibleStopLength(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}
