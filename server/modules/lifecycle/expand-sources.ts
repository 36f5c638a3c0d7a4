import {
  type ExpandSources,
  parseSourceText,
  type Source,
  type SourceCandidate,
  type SourceCandidates,
  suggestModelName,
} from '../../../contract/index.ts'
import { HubError, redact } from '../../../kernel/index.ts'
import { globDisk, sourceKinds } from '../sources/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { knownVersions } from './known-versions.ts'

const mostCandidates = 200

type Named = { text: string; index: number | null; source: Source | null; problem: SourceCandidate['problem'] }

/** Reads a list, lines of text or a glob as candidates for registration; nothing is looked at elsewhere. */
export async function expandSources(
  deps: Pick<LifecycleDeps, 'database' | 'sources'>,
  input: ExpandSources,
): Promise<SourceCandidates> {
  const named: Named[] = []
  for (const [index, source] of (input.sources ?? []).entries()) named.push({ text: '', index, source, problem: null })
  for (const [index, line] of (input.text ?? '').split(/\r?\n/).entries()) {
    const text = line.replace(/(^|\s)#.*$/, '').trim()
    if (text !== '') named.push(nameLine(text, index))
    // Whatever the list is long, so much of it is read.
    if (named.length > mostCandidates) break
  }
  if (input.glob !== undefined) {
    const paths = await globDisk(input.glob, deps.sources, mostCandidates)
    for (const path of paths) {
      named.push({ text: path, index: null, source: { type: 'disk', path, mode: 'in_place' }, problem: null })
    }
  }
  const candidates = named.slice(0, mostCandidates).map(toCandidate)
  const known = await knownVersions(
    deps.database.db,
    candidates.flatMap(({ address }) => address ?? []),
  )
  for (const candidate of candidates) candidate.known = known.get(candidate.address ?? '') ?? []
  return { candidates, truncated: named.length > mostCandidates }
}

function nameLine(text: string, index: number): Named {
  const parsed = parseSourceText(text)
  return 'source' in parsed
    ? { text, index, source: parsed.source, problem: null }
    : { text, index, source: null, problem: parsed.problem }
}

function toCandidate({ text, index, source, problem }: Named): SourceCandidate {
  const unknown = { index, source: null, address: null, suggestedName: null, known: [] }
  if (source === null) return { ...unknown, text: redact(text.slice(0, 300)), problem }
  try {
    const address = sourceKinds.get(source.type).address(source)
    const shown = source.type === 'url' ? { ...source, url: address } : source
    return {
      text: source.type === 'url' || text === '' ? address : text,
      index,
      source: shown,
      address,
      suggestedName: suggestModelName(source),
      known: [],
      problem: null,
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    const { code, message, remedy } = error
    return { ...unknown, text: source.type, problem: { code, message, remedy: remedy ?? null } }
  }
}
