import type { Metadata } from '../../../contract/index.ts'
import { isLfs, type ListedFile, lfsOf, type Repo, repoIdOf } from '../../modules/distribution/index.ts'

type Facts = {
  /** Files asked for whole in the last 30 days, of all versions of the model. */
  downloads: number
  /** Undefined leaves the files out. */
  files: readonly ListedFile[] | undefined
  /** Git names by path, where sizes and names of the files are asked for. */
  names: ReadonlyMap<string, string> | undefined
  isPrivate: boolean
}

/** A version as the Hugging Face Hub describes a model. What is not known is left out. */
export function modelInfo(repo: Repo, facts: Facts): Record<string, unknown> {
  const id = repoIdOf(repo.model_name)
  const card = cardOf(repo)
  const task = repo.tasks.find((one) => one !== 'chat' && one !== 'embedding') ?? taskOf(repo)
  const library = textOf(repo.metadata, 'library') ?? libraryOf(repo.metadata)
  return {
    _id: repo.model_id,
    id,
    modelId: id,
    author: id.slice(0, id.indexOf('/')),
    sha: repo.commit,
    lastModified: sealedAt(repo),
    createdAt: repo.model_created_at.toISOString(),
    private: facts.isPrivate,
    gated: false,
    disabled: false,
    downloads: facts.downloads,
    // Nobody can like a model here: none is the right count.
    likes: 0,
    tags: tagsOf(repo, [library, task]),
    ...(task === undefined ? {} : { pipeline_tag: task }),
    ...(library === undefined ? {} : { library_name: library }),
    cardData: card,
    usedStorage: repo.total_bytes,
    ...(facts.files === undefined ? {} : { siblings: facts.files.map((file) => sibling(file, facts.names)) }),
  }
}

/** When the bytes of the version were fixed. */
export function sealedAt(repo: Pick<Repo, 'step_dates' | 'created_at'>): string {
  return repo.step_dates['verified'] ?? repo.created_at.toISOString()
}

function sibling(file: ListedFile, names: ReadonlyMap<string, string> | undefined): Record<string, unknown> {
  if (names === undefined) return { rfilename: file.path }
  const { oid: sha256, size, pointerSize } = lfsOf(file)
  return {
    rfilename: file.path,
    size: file.size,
    blobId: names.get(file.path),
    ...(isLfs(file.path, file.size) ? { lfs: { sha256, size, pointerSize } } : {}),
  }
}

function cardOf(repo: Repo): Record<string, unknown> {
  const base = repo.metadata['baseModels']?.value
  const languages = repo.metadata['languages']?.value
  const task = textOf(repo.metadata, 'task')
  const tag = repo.license?.tag
  return {
    ...(tag == null ? {} : { license: tag }),
    ...(task === undefined ? {} : { pipeline_tag: task }),
    ...(base === undefined ? {} : { base_model: base }),
    ...(languages === undefined ? {} : { language: languages }),
    ...(repo.model_tags.length === 0 ? {} : { tags: repo.model_tags }),
  }
}

function tagsOf(repo: Repo, more: readonly (string | undefined)[]): string[] {
  const license = repo.license?.tag
  const format = textOf(repo.metadata, 'format')
  const all = [...repo.model_tags, format, ...more, license == null ? undefined : `license:${license}`]
  return [...new Set(all.filter((tag) => tag !== undefined))]
}

const textOf = (metadata: Metadata, key: string): string | undefined => {
  const value = metadata[key]?.value
  return typeof value === 'string' ? value : undefined
}

const taskOf = (repo: Repo) => (repo.tasks.includes('embedding') ? 'feature-extraction' : undefined)

const libraryOf = (metadata: Metadata) => (textOf(metadata, 'format') === 'gguf' ? 'gguf' : undefined)
