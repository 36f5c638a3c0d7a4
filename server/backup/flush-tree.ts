import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { eachOf } from './each-of.ts'
import { walk } from './walk.ts'

/** A disk takes many flushes at once for the price of few. */
export const flushWidth = 16

/** Flushes every file and folder below a folder, and the folder, to the disk. */
export async function flushTree(folder: string): Promise<void> {
  const paths = [folder]
  for await (const { path } of walk(folder)) paths.push(join(folder, path))
  await eachOf(paths, flushWidth, flushPath)
}

async function flushPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
