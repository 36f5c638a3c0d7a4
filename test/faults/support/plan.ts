import { seededRandom } from '../../e2e/support/model-files.ts'

/** `npm run test:faults` asks for the full amounts; `npm test` does a short slice of the same. */
const full = process.env['MODELHUB_FAULTS'] === 'full'
/** Everything random in a run follows from this number. */
const seed = Number(process.env['MODELHUB_FAULTS_SEED'] ?? Date.now() % 1_000_000)

/** How much of a fault this run does. */
export const amount = (counts: { slice: number; full: number }): number => (full ? counts.full : counts.slice)

/** Both databases in a full run, the embedded one in the slice: for what hardly depends on the database. */
export const lanes: readonly ('embedded' | 'postgres')[] = full ? ['embedded', 'postgres'] : ['embedded']

/** Seeded numbers in [0, 1) for one test, told apart by `name`; prints how to get the same ones again. */
export function seededFor(name: string): () => number {
  process.stdout.write(`  ${name}: MODELHUB_FAULTS_SEED=${seed}\n`)
  let hash = seed
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0
  return seededRandom(hash)
}
