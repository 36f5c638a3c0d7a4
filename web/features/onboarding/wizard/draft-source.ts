import { parseSourceText } from '../../../../contract/source-text.ts'
import type { Schema } from '../../../app/client.ts'
import { wizard } from '../words.ts'
import { type Draft, emptyDraft, memoryLimitBytes, splitTags } from './draft.ts'

export type Source = Schema<'Source'>

const part = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'
const repository = new RegExp(`^${part}(/${part})?$`)
const digest = /^[0-9a-f]{64}$/
const { missing } = wizard

/** The source as the hub takes it, or what is still to be said. An empty reason: nothing was typed yet. */
export type SourceState = { source: Source } | { missing: string; started: boolean }

export function sourceOf(draft: Draft): SourceState {
  switch (draft.source) {
    case null:
      return { missing: missing.source, started: false }
    case 'disk':
      return diskSource(draft.disk)
    case 'huggingface':
      return huggingFaceSource(draft.huggingface)
    case 'url':
      return urlSource(draft.url)
    case 'cloud':
      return cloudSource(draft.cloud)
  }
}

function diskSource({ from, path, mode, upload, uploadReady }: Draft['disk']): SourceState {
  if (from === 'upload') {
    return uploadReady
      ? { source: { type: 'disk', upload, mode: 'copy' } }
      : { missing: missing.upload, started: upload !== '' }
  }
  const trimmed = path.trim()
  return trimmed === '' ? { missing: missing.path, started: false } : { source: { type: 'disk', path: trimmed, mode } }
}

function huggingFaceSource(given: Draft['huggingface']): SourceState {
  const repo = given.repo.trim()
  const revision = given.revision.trim()
  if (repo === '') return { missing: missing.repo, started: false }
  if (!repository.test(repo)) return { missing: missing.repoShape, started: true }
  if (/[\s?#\\]/.test(revision)) return { missing: missing.revisionShape, started: true }
  const include = globs(given.include)
  const exclude = globs(given.exclude)
  return {
    source: {
      type: 'huggingface',
      repo,
      revision: revision === '' ? 'main' : revision,
      ...(given.commit === null ? {} : { commit: given.commit }),
      ...(include.length === 0 ? {} : { include }),
      ...(exclude.length === 0 ? {} : { exclude }),
      ...(given.credential === '' ? {} : { credential: given.credential }),
      ...(given.watch ? { watch: true } : {}),
    },
  }
}

const globs = (typed: string): string[] => typed.split(/\s+/).filter((glob) => glob !== '')

function urlSource(given: Draft['url']): SourceState {
  const url = given.url.trim()
  const sha256 = cleanDigest(given.sha256)
  if (url === '') return { missing: missing.url, started: false }
  if (!URL.canParse(url) || !/^https?:\/\/[^/]/i.test(url)) return { missing: missing.urlShape, started: true }
  if (sha256 !== '' && !digest.test(sha256)) return { missing: missing.digestShape, started: true }
  return {
    source: {
      type: 'url',
      url,
      unpack: given.unpack,
      ...(sha256 === '' ? {} : { sha256 }),
      ...(given.fileName.trim() === '' ? {} : { fileName: given.fileName.trim() }),
      ...(given.credential === '' ? {} : { credential: given.credential }),
    },
  }
}

/** As publishers write it, with or without its name before it. */
export const cleanDigest = (typed: string): string =>
  typed
    .trim()
    .toLowerCase()
    .replace(/^sha-?256[:=\s]*/, '')

export const digestProblem = (typed: string): string | undefined =>
  cleanDigest(typed) === '' || digest.test(cleanDigest(typed)) ? undefined : missing.digestShape

function cloudSource({ provider, model, region, credential }: Draft['cloud']): SourceState {
  if (provider === '') return { missing: missing.provider, started: false }
  if (model.trim() === '') return { missing: missing.model, started: false }
  if (!/^[\x21-\x7e]{1,200}$/.test(model.trim())) return { missing: missing.modelShape, started: true }
  return {
    source: {
      type: 'cloud',
      provider,
      model: model.trim(),
      ...(region.trim() === '' ? {} : { region: region.trim() }),
      ...(credential === '' ? {} : { credential }),
    },
  }
}

/** A form that begins with a source in words, such as `cloud:provider/model`; null when it cannot be understood. */
export function draftFrom(words: string): Draft | null {
  const parsed = parseSourceText(words)
  if ('problem' in parsed) return null
  const { source } = parsed
  const begun = { ...emptyDraft, source: source.type }
  switch (source.type) {
    case 'huggingface':
      return {
        ...begun,
        huggingface: {
          ...begun.huggingface,
          repo: source.repo,
          revision: source.revision === 'main' ? '' : source.revision,
        },
      }
    case 'url':
      return { ...begun, url: { ...begun.url, url: source.url } }
    case 'disk':
      return { ...begun, disk: { ...begun.disk, path: source.path ?? '' } }
    case 'cloud':
      return { ...begun, cloud: { ...begun.cloud, provider: source.provider, model: source.model } }
  }
}

/** What the form calls its source, for lists and the rail; without the query of an address. */
export function labelOf(draft: Draft): string {
  const { huggingface, url, disk, cloud } = draft
  switch (draft.source) {
    case null:
      return ''
    case 'huggingface':
      return huggingface.repo
    case 'url':
      return url.url.replace(/[?#].*$/s, '').replace(/^https?:\/\//, '')
    case 'disk':
      return disk.from === 'upload' ? disk.uploadName : disk.path
    case 'cloud':
      return [cloud.provider, cloud.model].filter((word) => word !== '').join('/')
  }
}

/** The registration that the form asks for. */
export function bodyOf(draft: Draft, source: Source, start: boolean): Schema<'CreateModel'> {
  const tags = splitTags(draft.tags)
  const limit = memoryLimitBytes(draft.memoryLimit)
  const hardware = {
    ...(draft.preference === '' ? {} : { preference: draft.preference }),
    ...(limit === null ? {} : { memoryLimitBytes: limit }),
  }
  // A hosted model runs elsewhere: what is said of hardware is about files.
  const runsHere = source.type !== 'cloud'
  return {
    name: draft.name,
    source,
    start,
    onboarding: {
      benchmark: runsHere && draft.benchmark,
      evaluate: runsHere && draft.evaluate,
      publish: draft.publish,
    },
    ...(draft.modality === null ? {} : { modality: draft.modality }),
    ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(draft.project === '' ? {} : { project: draft.project }),
    ...(runsHere && Object.keys(hardware).length > 0 ? { hardware } : {}),
  }
}
