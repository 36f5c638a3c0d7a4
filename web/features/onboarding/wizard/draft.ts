import type { Schema } from '../../../app/client.ts'

export type SourceChoice = Schema<'Source'>['type']

/** What the wizard knows so far; each kind of source keeps its own answers, so that a change of mind loses nothing. */
export type Draft = {
  source: SourceChoice | null
  modality: Schema<'Modality'> | null
  huggingface: {
    repo: string
    revision: string
    /** The commit that was looked at; set on continue, taken back when the repository or the revision changes. */
    commit: string | null
    include: string
    exclude: string
    credential: string
    watch: boolean
  }
  url: { url: string; sha256: string; fileName: string; unpack: boolean; credential: string }
  disk: {
    /** Files of the hub's machine, or of this computer. */
    from: 'path' | 'upload'
    path: string
    mode: 'in_place' | 'copy'
    /** Id of the upload that was begun; a source of models only once it is ready. */
    upload: string
    uploadName: string
    uploadReady: boolean
  }
  cloud: { provider: string; model: string; region: string; credential: string }
  name: string
  /** True once the person typed a name: a suggestion then no longer replaces it. */
  named: boolean
  description: string
  tags: string
  project: string
  preference: '' | 'cpu' | 'gpu'
  /** As typed, in GiB. */
  memoryLimit: string
  benchmark: boolean
  evaluate: boolean
  publish: boolean
}

export type ChangeDraft = (change: Partial<Draft>) => void

export const emptyDraft: Draft = {
  source: null,
  modality: null,
  huggingface: { repo: '', revision: '', commit: null, include: '', exclude: '', credential: '', watch: false },
  url: { url: '', sha256: '', fileName: '', unpack: true, credential: '' },
  disk: { from: 'path', path: '', mode: 'in_place', upload: '', uploadName: '', uploadReady: false },
  cloud: { provider: '', model: '', region: '', credential: '' },
  name: '',
  named: false,
  description: '',
  tags: '',
  project: '',
  preference: '',
  memoryLimit: '',
  benchmark: true,
  evaluate: true,
  publish: false,
}

/** Tags as typed, apart and each once. */
export const splitTags = (tags: string): string[] => [
  ...new Set(
    tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
]

const gib = 2 ** 30
const limits = { least: 2 ** 20, most: 2 ** 50 }

/** The typed memory limit in bytes; null when nothing usable is typed. */
export function memoryLimitBytes(typed: string): number | null {
  const bytes = Math.round(Number(typed.trim().replace(',', '.')) * gib)
  return typed.trim() === '' || Number.isNaN(bytes) || bytes < limits.least || bytes > limits.most ? null : bytes
}
