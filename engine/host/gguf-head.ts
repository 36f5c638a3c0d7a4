import { open, stat } from 'node:fs/promises'
import { checkModel } from './gguf/check-model.ts'
import { checkParts } from './gguf/check-parts.ts'
import { createCursor } from './gguf/cursor.ts'
import { type GgufFile, readGguf } from './gguf/read-gguf.ts'

/** Dimensions from the head of a GGUF; undefined where the head does not say. */
export type GgufHead = {
  blocks: number | undefined
  embedding: number | undefined
  heads: number | undefined
  kvHeads: number | undefined
  keyLength: number | undefined
  valueLength: number | undefined
  contextLength: number | undefined
}

/**
 * Checks the heads of all files of a model and gives the dimensions in the head of `main`. Rejects with EngineProblem 422 when the model
 * is not one that llama.cpp should see: what this refuses would end the engine process, or allocate what a file merely claims.
 */
export async function readGgufHead(paths: readonly string[], main: string): Promise<GgufHead> {
  const heads = new Map<string, GgufFile>()
  for (const path of paths) heads.set(path, await readHead(path))
  const first = heads.get(main) ?? (await readHead(main))
  checkParts(first, [...heads.values()])
  checkModel(first)
  return dimensionsOf(first)
}

async function readHead(path: string): Promise<GgufFile> {
  const file = await open(path, 'r')
  try {
    const { size } = await stat(path)
    return await readGguf(createCursor(file, size))
  } finally {
    await file.close()
  }
}

function dimensionsOf({ values }: GgufFile): GgufHead {
  const number = (key: string): number | undefined => {
    const value = values.get(`${String(values.get('general.architecture'))}.${key}`)
    return typeof value === 'number' ? value : undefined
  }
  return {
    blocks: number('block_count'),
    embedding: number('embedding_length'),
    heads: number('attention.head_count'),
    kvHeads: number('attention.head_count_kv'),
    keyLength: number('attention.key_length'),
    valueLength: number('attention.value_length'),
    contextLength: number('context_length'),
  }
}
