import { escapeText } from '../evidence.ts'
import { ggufHeaderOf } from '../gguf/header-of.ts'
import { jsonHeaderOf } from '../json/header-of.ts'
import { findingOf } from '../judge.ts'
import { inFolder, leavesFolder } from '../path.ts'
import type { FileFacts, Finding, Observation } from '../types.ts'
import { brokenData } from './account-for-data.ts'
import { filesOnLoadingPath } from './loading-path.ts'
import { repositoryRule } from './rules.ts'

export type RepositoryFile = {
  /** Relative to the repository, `/`-separated. */
  path: string
  facts: FileFacts
}

/** A finding that belongs to one of the files. */
export type RepositoryFinding = Finding & { path: string }

/**
 * What only several files together show: missing shards, parts and weights, Python on the loading path. Pure. References are resolved from the
 * folder of the file that makes them, so that a tree of many models can be judged at once.
 */
export function judgeRepository(files: readonly RepositoryFile[]): RepositoryFinding[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const findings: RepositoryFinding[] = []
  const add = (path: string, rule: string, seen: Omit<Observation, 'code'>): void => {
    findings.push({ path, ...findingOf(repositoryRule(rule), seen) })
  }
  for (const file of files) {
    for (const shard of missingShards(file, byPath))
      add(file.path, 'REPO-SHARD-001', { member: 'weight_map', detail: escapeText(shard, 120) })
  }
  for (const { path, rule, detail } of filesOnLoadingPath(files, byPath)) add(path, rule, { detail })
  for (const { path, rule, detail } of brokenData(files)) add(path, rule, { detail })
  for (const { path, detail } of brokenSplits(files)) add(path, 'REPO-SPLIT-001', { detail })
  return findings
}

function missingShards(file: RepositoryFile, byPath: ReadonlyMap<string, RepositoryFile>): string[] {
  const shards = jsonHeaderOf(file.facts)?.shardIndex?.shards ?? []
  return shards
    .filter(
      (shard) => leavesFolder(shard) === undefined && !byPath.has(inFolder(file.path, shard.replace(/^\.\//, ''))),
    )
    .slice(0, 10)
}

/** Parts are found by the name the splitter gives them: `name-00001-of-00003.gguf`. */
function brokenSplits(files: readonly RepositoryFile[]): { path: string; detail: string }[] {
  const groups = new Map<string, { file: RepositoryFile; number: number; of: number }[]>()
  const broken: { path: string; detail: string }[] = []
  for (const file of files) {
    const header = ggufHeaderOf(file.facts)
    const match = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(file.path)
    if (header === undefined) continue
    if (match === null) {
      const count = header.splitCount ?? 1
      if (count > 1)
        broken.push({
          path: file.path,
          detail: `part ${(header.splitNo ?? 0) + 1} of ${count} without its number in the name`,
        })
      continue
    }
    const group = `${match[1]}-of-${match[3]}`
    groups.set(group, [...(groups.get(group) ?? []), { file, number: Number(match[2]), of: Number(match[3]) }])
    const stated = header.splitCount
    if (stated !== undefined && stated !== Number(match[3])) {
      broken.push({ path: file.path, detail: `the name says ${Number(match[3])} parts, the header says ${stated}` })
    }
  }
  for (const parts of groups.values()) {
    const first = parts[0]
    if (first === undefined) continue
    const present = new Set(parts.map((part) => part.number))
    const missing: number[] = []
    for (let number = 1; number <= first.of && missing.length < 10; number++)
      if (!present.has(number)) missing.push(number)
    if (missing.length > 0)
      broken.push({ path: first.file.path, detail: `of ${first.of} parts, missing ${missing.join(', ')}` })
  }
  return broken
}
