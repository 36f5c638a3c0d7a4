const mebibyte = 2 ** 20

/** Bytes that do not repeat within a piece, in pieces of a MiB. @param size a multiple of a MiB */
export function* mixedBytes(size: number): Generator<Buffer> {
  const buffer = Buffer.alloc(mebibyte)
  let state = 1
  for (let done = 0; done < size; done += buffer.length) {
    for (let at = 0; at < buffer.length; at += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      buffer.writeUInt32LE(state, at)
    }
    yield buffer
  }
}
