import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid, limitReached } from '../../kernel/index.ts'

const mostFiles = 200_000
const mostDepth = 64

export type HashedFile = { path: string; sha256: string }

/**
 * Every file of a folder, or a single file, with its SHA-256. Throws `invalid` `link_in_model` for a link: what it leads to may be another
 * file tomorrow.
 */
export async function hashModel(
  root: string,
  onFile: (path: string) => void,
  signal: AbortSignal,
): Promise<HashedFile[]> {
  const files: HashedFile[] = []
  const add = async (file: string, path: string) => {
    signal.throwIfAborted()
    if (files.length >= mostFiles) throw limitReached('too_many_files', `${root} holds more than ${mostFiles} files.`)
    onFile(path)
    files.push({ path, sha256: await hashOf(file, signal) })
  }
  const walk = async (folder: string, below: string, depth: number): Promise<void> => {
    if (depth > mostDepth) throw limitReached('too_deep', `${root} has folders more than ${mostDepth} deep.`)
    const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await walk(join(folder, entry.name), path, depth + 1)
      else if (entry.isFile()) await add(join(folder, entry.name), path)
      else throw notRegular(path)
    }
  }
  const found = await lstat(root).catch(() => null)
  if (found === null) throw invalid('not_found', `There is nothing at ${root}.`, 'Give the folder of the model.')
  if (found.isDirectory()) await walk(root, '', 0)
  else if (found.isFile()) await add(root, root.slice(root.lastIndexOf('/') + 1))
  else throw notRegular(root)
  return files
}

const notRegular = (path: string) =>
  invalid(
    'link_in_model',
    `${path} is a link or a device, which no signature covers.`,
    'Copy the model with its links followed, such as by cp -rL, and verify the copy.',
  )

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
