const prime1 = 0x9e3779b1
const prime2 = 0x85ebca77
const prime3 = 0xc2b2ae3d
const prime4 = 0x27d4eb2f
const prime5 = 0x165667b1

/** A running XXH32 with seed 0: what LZ4 frames carry as checksums. Source: XXH32 in the xxHash specification, section "XXH32 algorithm description". */
export type Xxh32 = { update: (bytes: Uint8Array) => void; digest: () => number }

export function createXxh32(): Xxh32 {
  const lanes = Int32Array.of(prime1 + prime2, prime2, 0, -prime1)
  const held = new Uint8Array(16)
  let heldLength = 0
  let total = 0

  function stripe(bytes: Uint8Array, from: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const mixed = (lanes[lane] as number) + Math.imul(wordAt(bytes, from + lane * 4), prime2)
      lanes[lane] = Math.imul(rotated(mixed | 0, 13), prime1)
    }
  }

  function update(bytes: Uint8Array): void {
    total += bytes.length
    let at = 0
    if (heldLength > 0) {
      at = Math.min(16 - heldLength, bytes.length)
      held.set(bytes.subarray(0, at), heldLength)
      heldLength += at
      if (heldLength < 16) return
      stripe(held, 0)
      heldLength = 0
    }
    for (; at + 16 <= bytes.length; at += 16) stripe(bytes, at)
    held.set(bytes.subarray(at))
    heldLength = bytes.length - at
  }

  function digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = lanes
    let sum = total >= 16 ? rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18) : prime5
    sum = (sum + total) | 0
    let at = 0
    for (; at + 4 <= heldLength; at += 4)
      sum = Math.imul(rotated((sum + Math.imul(wordAt(held, at), prime3)) | 0, 17), prime4)
    for (; at < heldLength; at++)
      sum = Math.imul(rotated((sum + Math.imul(held[at] as number, prime5)) | 0, 11), prime1)
    sum = Math.imul(sum ^ (sum >>> 15), prime2)
    sum = Math.imul(sum ^ (sum >>> 13), prime3)
    return (sum ^ (sum >>> 16)) >>> 0
  }

  return { update, digest }
}

/** XXH32 of bytes in one piece. */
export function xxh32(bytes: Uint8Array): number {
  const hash = createXxh32()
  hash.update(bytes)
  return hash.digest()
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}
