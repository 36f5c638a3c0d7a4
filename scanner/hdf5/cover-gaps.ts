import type { Hdf5Access } from './access.ts'

const windowSize = 64 * 1024
const maxSwept = 64 * 1024 * 1024

/** Accounts for places between structures that hold nothing but zeros: the library allocates in steps and aligns. */
export function coverGaps(access: Hdf5Access, end: number): { address: number; length: number }[] {
  const ranges = [...access.covered()].sort((a, b) => a.address - b.address)
  const gaps: { address: number; length: number }[] = []
  let reached = 0
  for (const range of [...ranges, { address: end, end }]) {
    if (range.address > reached) gaps.push({ address: reached, length: range.address - reached })
    reached = Math.max(reached, range.end)
  }
  let swept = 0
  return gaps.filter(({ address, length }) => {
    swept += length
    if (swept > maxSwept || !isZero(access, address, length)) return true
    access.cover(address, length, 'parsed')
    return false
  })
}

function isZero(access: Hdf5Access, address: number, length: number): boolean {
  for (let done = 0; done < length; done += windowSize) {
    const bytes = access.peek(address + done, Math.min(windowSize, length - done))
    for (const byte of bytes) if (byte !== 0) return false
  }
  return true
}
