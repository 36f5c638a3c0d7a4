import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { conflict } from '../kernel/index.ts'
import type { Context } from './context.ts'
import { safeJson } from './text/plain.ts'

/** Options of commands that give a document. */
export const documentOptions = {
  output: { type: 'string', short: 'o', value: 'FILE', description: 'Write it into a file instead of printing it' },
  force: { type: 'boolean', description: 'Replace a file that is there' },
} as const

/** Prints a JSON document, or writes it into a file, exactly as given. Throws `conflict` `file_exists`. */
export async function writeDocument(
  ctx: Context,
  document: unknown,
  options: { output?: string | undefined; force?: boolean | undefined },
): Promise<void> {
  const text = JSON.stringify(document, undefined, 2)
  if (options.output === undefined) {
    ctx.line(safeJson(text))
    return
  }
  const target = resolve(ctx.folder, options.output)
  if (existsSync(target) && options.force !== true) {
    throw conflict('file_exists', `${target} is there already.`, 'Choose another name, or use --force.')
  }
  await writeFile(target, `${text}\n`)
  ctx.note(`Written: ${target}`)
}
