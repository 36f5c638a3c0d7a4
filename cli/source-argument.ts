import { existsSync } from 'node:fs'
import { basename, isAbsolute, resolve } from 'node:path'
import { wrongUse } from './usage-error.ts'

type DiskArgument = { type: 'disk'; path: string }

/**
 * Parses a source as people write it: `disk:/path`, or the bare path of something that exists here. Relative paths count from
 * `folder`. Throws wrong use for kinds this release does not have.
 */
export function parseSource(text: string, folder: string): DiskArgument {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(text) ?? []
  if (scheme === 'disk') {
    if (rest === '') throw wrongUse('disk: needs a path.', 'Write it as disk:/path/to/model.')
    return { type: 'disk', path: isAbsolute(rest) ? rest : resolve(folder, rest) }
  }
  const path = resolve(folder, text)
  if (existsSync(path)) return { type: 'disk', path }
  if (scheme !== undefined) {
    throw wrongUse(`Sources of the kind "${scheme}" are not available in this release.`, 'Use disk:/path/to/model.')
  }
  throw wrongUse(
    `There is no file or folder ${path}.`,
    "Check the path; for a path on the hub's own machine write disk:/path.",
  )
}

const weights = /\.(gguf|safetensors|bin|pt|pth|pkl|onnx|zip|tar|gz)$/i

/** A model name from the last part of a path, within the rules for names; undefined when nothing usable is left. */
export function nameOfSource(source: DiskArgument): string | undefined {
  const name = basename(source.path)
    .replace(weights, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/-+$/, '')
    .slice(0, 96)
  return name === '' ? undefined : name
}
