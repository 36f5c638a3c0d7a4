import type { Source } from './schemas/index.ts'

export type ParsedSource = { source: Source } | { problem: { code: string; message: string; remedy: string } }

const part = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'
const repository = new RegExp(`^${part}(/${part})?$`)
const page = new RegExp(`^/(?:models/)?(${part}/${part})(?:/(?:tree|blob|resolve)/([^/?#]+).*)?/?$`)

/**
 * A source as people write it: `hf:org/name@revision`, a page of huggingface.co, `https://…` for one file, `disk:/path` or an absolute
 * path, `upload:upl_…`, `cloud:provider/model`. Pure: nothing is looked at.
 */
export function parseSourceText(text: string): ParsedSource {
  const trimmed = text.trim()
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(trimmed) ?? []
  switch (scheme?.toLowerCase()) {
    case undefined:
      return trimmed.startsWith('/') ? disk(trimmed) : unknown(trimmed)
    case 'disk':
      return rest.startsWith('/')
        ? disk(rest)
        : problem('disk: needs an absolute path.', 'Write it as disk:/path/to/model.')
    case 'upload':
      return upload(rest)
    case 'hf':
      return huggingFace(rest)
    case 'https':
    case 'http':
      return address(trimmed)
    case 'cloud':
      return cloud(rest)
    default:
      return problem(
        `There are no sources of the kind "${scheme}".`,
        'Write hf:org/name@revision, https://…, disk:/path or cloud:provider/model.',
      )
  }
}

function huggingFace(rest: string): ParsedSource {
  const at = rest.indexOf('@')
  const repo = at < 0 ? rest : rest.slice(0, at)
  const revision = at < 0 ? 'main' : rest.slice(at + 1)
  if (!repository.test(repo) || revision === '' || /[\s?#\\]/.test(revision) || revision.length > 255) {
    return problem(`hf:${rest.slice(0, 200)} names no repository.`, 'Write it as hf:org/name or hf:org/name@revision.')
  }
  return { source: { type: 'huggingface', repo, revision } }
}

function address(text: string): ParsedSource {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || text.length > 8_192)
    return problem('The address cannot be read.', 'Write it as https://host/path.')
  if (url.hostname === 'huggingface.co' || url.hostname === 'hf.co') {
    const [, repo, revision] = page.exec(url.pathname) ?? []
    // An address of one file stays one file.
    if (repo !== undefined && !url.pathname.includes('/resolve/')) {
      return { source: { type: 'huggingface', repo, revision: decode(revision ?? 'main') } }
    }
  }
  return { source: { type: 'url', url: text, unpack: true } }
}

function cloud(rest: string): ParsedSource {
  const slash = rest.indexOf('/')
  const [provider, model] = [rest.slice(0, slash), rest.slice(slash + 1)]
  if (slash < 1 || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(provider) || !/^[\x21-\x7e]{1,200}$/.test(model)) {
    return problem('cloud: needs a provider and a model.', 'Write it as cloud:provider/model.')
  }
  return { source: { type: 'cloud', provider, model } }
}

const upload = (id: string): ParsedSource =>
  /^upl_[0-9a-z]{1,40}$/.test(id)
    ? { source: { type: 'disk', upload: id, mode: 'copy' } }
    : problem('upload: needs the id of an upload.', 'Write it as upload:upl_…; modelhub upload says it.')

const disk = (path: string): ParsedSource =>
  path.length > 4_096
    ? problem('The path is longer than 4,096 characters.', 'Give a shorter one.')
    : { source: { type: 'disk', path, mode: 'in_place' } }

const unknown = (text: string): ParsedSource =>
  problem(
    `${JSON.stringify(text.slice(0, 100))} is no source.`,
    'Write hf:org/name@revision, https://…, disk:/path or cloud:provider/model.',
  )

const problem = (message: string, remedy: string): ParsedSource => ({
  problem: { code: 'source_not_understood', message, remedy },
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const weights = /\.(gguf|safetensors|bin|pt|pth|pkl|onnx|zip|tar|tgz|gz|zst)$/i

/** A model name for a source, within the rules for names; null when nothing usable is left. */
export function suggestModelName(source: Source): string | null {
  switch (source.type) {
    case 'huggingface':
      return source.repo
    case 'cloud':
      return nameFrom(`${source.provider}/${source.model.split('/').at(-1) ?? ''}`)
    case 'url': {
      const path = URL.canParse(source.url) ? new URL(source.url).pathname : ''
      return nameFrom(source.fileName ?? decode(path.split('/').findLast((one) => one !== '') ?? ''))
    }
    case 'disk':
      return nameFrom((source.path ?? '').split('/').findLast((one) => one !== '') ?? '')
  }
}

function nameFrom(text: string): string | null {
  const parts = text.split('/').map((one) =>
    one
      .replace(weights, '')
      .replace(/\.tar$/i, '')
      .replace(/-\d{5}-of-\d{5}$/, '')
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .replace(/-+$/, '')
      .slice(0, 96),
  )
  return parts.some((one) => one === '') ? null : parts.join('/')
}
