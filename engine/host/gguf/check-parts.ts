import { broken } from './cursor.ts'
import type { GgufFile } from './read-gguf.ts'

/** Refuses a split model of which parts are missing, doubled or of another split. @throws EngineProblem 422 `broken_model` */
export function checkParts(main: GgufFile, all: readonly GgufFile[]): void {
  const count = main.values.get('split.count')
  if (typeof count !== 'number' || count <= 1) {
    if (all.length > 1) throw broken(`The model is one file by itself and comes with ${all.length - 1} more.`)
    return
  }
  if (all.length !== count) throw broken(`The model is split into ${count} parts; ${all.length} are here.`)
  const seen = new Set<unknown>()
  for (const { values } of all) {
    const no = values.get('split.no')
    if (values.get('split.count') !== count) throw broken('The parts of the model disagree on how many there are.')
    if (typeof no !== 'number' || no >= count)
      throw broken(`A part of the model calls itself number ${String(no)} of ${count}.`)
    if (seen.has(no)) throw broken(`Two parts of the model call themselves number ${no}.`)
    seen.add(no)
  }
  if (main.values.get('split.no') !== 0) throw broken('The first file of the model is not its first part.')
}
