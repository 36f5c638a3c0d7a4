import { escapeText } from '../evidence.ts'
import { isIncomplete } from '../incomplete.ts'
import { baseName, inFolder } from '../path.ts'
import type { ByteRange, DataClaim, FileFacts } from '../types.ts'
import { joinRanges } from './data-claims.ts'

type File = { path: string; facts: FileFacts }

/**
 * Files of weights without a structure of their own, accounted for by what other files of the same version say of them: the tensors of
 * an ONNX model, an OpenVINO graph or a TensorFlow checkpoint. Such a file counts as read when a file that was itself read in full
 * places tensors over all of its bytes, and when nothing was recognized in it: what is a program, an archive or a pickle by content
 * stays what it is. Pure; all other files, and their order, stay as they are.
 */
export function accountForData<T extends File>(files: readonly T[]): T[] {
  const claims = claimsByPath(files)
  if (claims.size === 0) return [...files]
  return files.map((file) => {
    const claim = claims.get(file.path)
    if (claim === undefined || !isBareData(file.facts)) return file
    const ranges = joinRanges(claim.ranges)
    const [only] = ranges
    if (ranges.length !== 1 || only?.offset !== 0 || only.length !== file.facts.size) return file
    return { ...file, facts: asTensors(file.facts, `Weights of ${escapeText(baseName(claim.by), 80)}`) }
  })
}

/** Files of weights that are missing or shorter than the tensors in them. */
export function brokenData(files: readonly File[]): { path: string; rule: string; detail: string }[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return files.flatMap((file) =>
    (file.facts.claims ?? []).flatMap((claim) => {
      const path = pathOf(file.path, claim)
      const size = byPath.get(path)?.facts.size
      const name = escapeText(path, 120)
      const last = claim.ranges.at(-1)
      const end = last === undefined ? 0 : last.offset + last.length
      if (size === undefined) return [{ path: file.path, rule: 'REPO-DATA-001', detail: name }]
      if (size >= end) return []
      return [{ path: file.path, rule: 'REPO-DATA-002', detail: `${name} has ${size} bytes, tensors reach to ${end}` }]
    }),
  )
}

type Claimed = { ranges: ByteRange[]; by: string }

function claimsByPath(files: readonly File[]): Map<string, Claimed> {
  const found = new Map<string, Claimed>()
  for (const { path: by, facts } of files) {
    // What was not read in full may say anything of other files.
    if (facts.claims === undefined || isIncomplete(facts)) continue
    for (const claim of facts.claims) {
      const path = pathOf(by, claim)
      const known = found.get(path)
      if (path === by) continue
      if (known === undefined) found.set(path, { ranges: [...claim.ranges], by })
      else known.ranges.push(...claim.ranges)
    }
  }
  return found
}

/** A claim's path in the repository; `*` stands for the claiming file's own name without its last ending. */
function pathOf(by: string, claim: DataClaim): string {
  const path = claim.path.startsWith('*')
    ? baseName(by).replace(/\.[^.]*$/, '') + claim.path.slice(1)
    : claim.path.replace(/^(\.\/)+/, '')
  return inFolder(by, path)
}

/** Nothing was recognized in it, and nothing else was noted. */
function isBareData({ format, parts, observations }: FileFacts): boolean {
  return format === 'unknown' && parts.length === 1 && observations.every(({ code }) => code === 'scan.unknown-format')
}

function asTensors(facts: FileFacts, title: string): FileFacts {
  return {
    ...facts,
    format: 'external-weights',
    title,
    parts: [{ format: 'external-weights', offset: 0, length: facts.size }],
    coverage: { parsedBytes: 0, tensorBytes: facts.size, inertBytes: 0, unaccountedBytes: 0, unaccounted: [] },
    observations: [],
  }
}
