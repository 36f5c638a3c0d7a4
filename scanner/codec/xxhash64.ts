/** A running XXH64 with seed 0, as zstd frames carry it. Source: XXH64 in the xxHash specification. */
export type Xxh64 = { update: (bytes: Uint8Array) => void /** Lower 32 bits of the sum. */; low: () => number }

/** Sixty-four bits as two numbers, lower half first, so that nothing is boxed. */
type Word = Uint32Array

const prime1 = Uint32Array.of(0x85ebca87, 0x9e3779b1)
const prime2 = Uint32Array.of(0x27d4eb4f, 0xc2b2ae3d)
const prime3 = Uint32Array.of(0x9e3779f9, 0x165667b1)
const prime4 = Uint32Array.of(0xc2b2ae63, 0x85ebca77)
const prime5 = Uint32Array.of(0x165667c5, 0x27d4eb2f)

export function createXxh64(): Xxh64 {
  const lanes = [sumOf(prime1, prime2), prime2.slice(), new Uint32Array(2), negative(prime1)]
  const held = new Uint8Array(32)
  const word = new Uint32Array(2)
  let heldLength = 0
  let total = 0

  function stripe(bytes: Uint8Array, from: number): void {
    for (let lane = 0; lane < 4; lane++) {
      load(word, bytes, from + lane * 8)
      round(lanes[lane] as Word, word)
    }
  }

  function update(bytes: Uint8Array): void {
    total += bytes.length
    let at = 0
    if (heldLength > 0) {
      at = Math.min(32 - heldLength, bytes.length)
      held.set(bytes.subarray(0, at), heldLength)
      heldLength += at
      if (heldLength < 32) return
      stripe(held, 0)
    }
    for (; at + 32 <= bytes.length; at += 32) stripe(bytes, at)
    held.set(bytes.subarray(at))
    heldLength = bytes.length - at
  }

  function low(): number {
    const sum = total >= 32 ? merged(lanes) : prime5.slice()
    add(sum, Uint32Array.of(total % 4294967296, Math.floor(total / 4294967296)))
    let at = 0
    for (; at + 8 <= heldLength; at += 8) {
      load(word, held, at)
      const part = new Uint32Array(2)
      round(part, word)
      xor(sum, part)
      rotate(sum, 27)
      multiply(sum, prime1)
      add(sum, prime4)
    }
    if (at + 4 <= heldLength) {
      load(word, held, at)
      word[1] = 0
      multiply(word, prime1)
      xor(sum, word)
      rotate(sum, 23)
      multiply(sum, prime2)
      add(sum, prime3)
      at += 4
    }
    for (; at < heldLength; at++) {
      const part = prime5.slice()
      multiply(part, Uint32Array.of(held[at] as number, 0))
      xor(sum, part)
      rotate(sum, 11)
      multiply(sum, prime1)
    }
    shiftXor(sum, 33)
    multiply(sum, prime2)
    shiftXor(sum, 29)
    multiply(sum, prime3)
    shiftXor(sum, 32)
    return sum[0] as number
  }
  return { update, low }
}

function merged(lanes: readonly Word[]): Word {
  const sum = new Uint32Array(2)
  for (const [lane, by] of [1, 7, 12, 18].entries()) {
    const part = (lanes[lane] as Word).slice()
    rotate(part, by)
    add(sum, part)
  }
  for (const lane of lanes) {
    const part = new Uint32Array(2)
    round(part, lane)
    xor(sum, part)
    multiply(sum, prime1)
    add(sum, prime4)
  }
  return sum
}

const scratch = new Uint32Array(2)

function round(lane: Word, word: Word): void {
  scratch.set(word)
  multiply(scratch, prime2)
  add(lane, scratch)
  rotate(lane, 31)
  multiply(lane, prime1)
}

function load(word: Word, bytes: Uint8Array, at: number): void {
  for (let half = 0; half < 2; half++) {
    const from = at + half * 4
    word[half] =
      (bytes[from] as number) |
      ((bytes[from + 1] as number) << 8) |
      ((bytes[from + 2] as number) << 16) |
      ((bytes[from + 3] as number) << 24)
  }
}

function add(to: Word, by: Word): void {
  const low = (to[0] as number) + (by[0] as number)
  to[1] = (to[1] as number) + (by[1] as number) + (low > 0xffffffff ? 1 : 0)
  to[0] = low
}

function xor(to: Word, by: Word): void {
  to[0] = (to[0] as number) ^ (by[0] as number)
  to[1] = (to[1] as number) ^ (by[1] as number)
}

function multiply(to: Word, by: Word): void {
  const a = to[0] as number
  const b = by[0] as number
  const low = (a & 0xffff) * (b & 0xffff)
  const middle = (a >>> 16) * (b & 0xffff) + (low >>> 16)
  const other = (a & 0xffff) * (b >>> 16) + (middle & 0xffff)
  const carried = (a >>> 16) * (b >>> 16) + Math.floor(middle / 65536) + (other >>> 16)
  to[1] = carried + Math.imul(to[1] as number, b) + Math.imul(a, by[1] as number)
  to[0] = Math.imul(a, b)
}

function rotate(to: Word, by: number): void {
  const low = to[0] as number
  const high = to[1] as number
  to[0] = (low << by) | (high >>> (32 - by))
  to[1] = (high << by) | (low >>> (32 - by))
}

/** XOR with itself shifted to the right, by 29, 32 or 33. */
function shiftXor(to: Word, by: number): void {
  const low = to[0] as number
  const high = to[1] as number
  if (by >= 32) to[0] = low ^ (high >>> (by - 32))
  else {
    to[0] = low ^ ((low >>> by) | (high << (32 - by)))
    to[1] = high ^ (high >>> by)
  }
}

function sumOf(a: Word, b: Word): Word {
  const sum = a.slice()
  add(sum, b)
  return sum
}

function negative(a: Word): Word {
  const result = Uint32Array.of(~(a[0] as number), ~(a[1] as number))
  add(result, Uint32Array.of(1, 0))
  return result
}
