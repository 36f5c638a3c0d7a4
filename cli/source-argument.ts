import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { type Source as ParsedSource, parseSourceText, suggestModelName } from '../contract/index.ts'
import type { Source } from './api-types.ts'
import { wrongUse } from './usage-error.ts'

/**
 * Parses a source as people write it: `disk:/path`, the path of something that exists here, `hf:org/name@revision`, `https://…`,
 * `cloud:provider/model`. Relative paths count from `folder`. Throws wrong use for anything else.
 */
export function parseSource(text: string, folder: string): Source {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? []
  const disk = (path: string): Source => ({ type: 'disk', path, mode: 'in_place' })
  if (scheme === 'disk') {
    if (rest === '') throw wrongUse('disk: needs a path.', 'Write it as disk:/path/to/model.')
    return disk(isAbsolute(rest) ? rest : resolve(folder, rest))
  }
  const path = resolve(folder, text)
  if (existsSync(path)) return disk(path)
  if (scheme === undefined) {
    throw wrongUse(
      `There is no file or folder ${path}.`,
      "Check the path; for a path on the hub's own machine write disk:/path.",
    )
  }
  const parsed = parseSourceText(text)
  if ('problem' in parsed) throw wrongUse(parsed.problem.message, parsed.problem.remedy)
  // What is not given is left out and never undefined, as the client's type wants it.
  return parsed.source as Source
}

/** A model name for a source; undefined when nothing usable is left. */
export const nameOfSource = (source: Source): string | undefined =>
  suggestModelName(source as ParsedSource) ?? undefined
