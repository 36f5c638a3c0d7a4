import { createHash } from 'node:crypto'

/** The seed of one sample, 0 … 2³¹−1: a hash of run seed, task content, item and sample, so that every request has its own and a rerun has the same. */
export function itemSeed(runSeed: number, taskHash: string, item: number, sample: number): number {
  const digest = createHash('sha256').update(`${runSeed}:${taskHash}:${item}:${sample}`).digest()
  return digest.readUInt32BE(0) >>> 1
}
