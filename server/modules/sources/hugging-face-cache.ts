import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceNote } from '../../../contract/index.ts'
import { invalid } from '../../../kernel/index.ts'

/**
 * The folder of the files when `folder` is a Hugging Face cache or the folder of one model in it; `folder` itself otherwise. The
 * layout is `models--org--name/{blobs,refs,snapshots/<commit>}`; the names of the files are those of the snapshot. Throws `invalid`
 * when there are several models or snapshots and nothing says which one is meant.
 */
export async function resolveCacheFolder(folder: string, onNote: (note: SourceNote) => void): Promise<string> {
  const names = await foldersIn(folder)
  const models = names.filter((name) => name.startsWith('models--'))
  if (models.length > 0) {
    const [only, second] = models
    if (only === undefined || second !== undefined) {
      throw invalid(
        'several_models',
        `${folder} is a Hugging Face cache of ${models.length} models.`,
        `Give the folder of one of them, such as ${join(folder, only ?? '')}.`,
      )
    }
    return await resolveCacheFolder(join(folder, only), onNote)
  }
  if (!names.includes('blobs') || !names.includes('snapshots')) return folder
  const snapshots = await foldersIn(join(folder, 'snapshots'))
  const main = (await readFile(join(folder, 'refs', 'main'), 'utf8').catch(() => '')).trim()
  const chosen = snapshots.length === 1 ? snapshots[0] : snapshots.find((name) => name === main)
  if (chosen === undefined) {
    throw invalid(
      snapshots.length === 0 ? 'no_snapshot' : 'several_snapshots',
      `${folder} holds ${snapshots.length} snapshots${snapshots.length === 0 ? '' : ', and refs/main names none of them'}.`,
      snapshots.length === 0
        ? 'Download the model again.'
        : `Give the folder of one of them, such as ${join(folder, 'snapshots', snapshots[0] ?? '')}.`,
    )
  }
  onNote({ level: 'fact', message: `Taken from the snapshot ${chosen} of a Hugging Face cache.` })
  const unfinished = (await readdir(join(folder, 'blobs')).catch(() => [])).filter((name) =>
    name.endsWith('.incomplete'),
  )
  if (unfinished.length > 0) {
    onNote({
      level: 'doubt',
      message: `${unfinished.length} ${unfinished.length === 1 ? 'download' : 'downloads'} of this model did not finish.`,
      remedy: 'Download the model again, so that no file is missing.',
    })
  }
  return join(folder, 'snapshots', chosen)
}

/** Names of the real folders; links to folders are not followed. */
async function foldersIn(folder: string): Promise<string[]> {
  if (!(await lstat(folder).catch(() => null))?.isDirectory()) return []
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}
