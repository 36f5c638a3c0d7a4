/** FNV-1a over UTF-16 units, 32 bit: the same on every machine, and what the shipped fingerprints hold. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** The hash of `size` words in a row, for each place where that many stand: entry i begins at word i. */
export function shinglesOf(words: readonly string[], size: number): Uint32Array {
  const hashes = new Uint32Array(Math.max(0, words.length - size + 1))
  for (let index = 0; index < hashes.length; index++) {
    let hash = 0x811c9dc5
    for (let step = 0; step < size; step++) hash = hashText(` ${words[index + step]}`, hash)
    hashes[index] = hash
  }
  return hashes
}
