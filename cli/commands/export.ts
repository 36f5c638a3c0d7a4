import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { conflict, limitReached, upstream } from '../../kernel/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { hubAnswer } from '../hub-answer.ts'
import { countBytes } from '../jobs/count-bytes.ts'
import { pairs } from '../text/table.ts'
import { bytes } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a version into one signed file, for a hub that no network reaches',
  args: ['<version>', '<file>'],
  options: { force: { type: 'boolean', description: 'Replace a file that is there' } },
  notes: [
    'The file holds the files of the version with their digests, its card, its license and what was found out about it.',
    'It is signed with the key of the hub. Tell the fingerprint to whoever imports it, by another way than the file.',
  ],
  routes: ['exportVersion'],
  run: async (ctx, { values, positionals }) => {
    const [version, file] = positionals
    if (version === undefined || file === undefined) throw wrongUse('Which version, and into which file?')
    const target = resolve(ctx.folder, file)
    if (existsSync(target) && values.force !== true) {
      throw conflict('file_exists', `${target} is there already.`, 'Choose another name, or use --force.')
    }
    const hub = await ctx.hub()
    const signal = ctx.signal()
    const answer = await hubAnswer(hub, `/versions/${encodeURIComponent(version)}/bundle`, { signal })
    const size = Number(answer.headers.get('content-length'))
    const fingerprint = answer.headers.get('x-bundle-key') ?? ''
    const body = answer.body
    if (body === null || !Number.isSafeInteger(size)) {
      throw upstream(
        'incomplete_answer',
        'The hub answered without a bundle.',
        'Compare versions with: modelhub version',
      )
    }
    // A name of its own, so that what has the name is whole.
    const part = `${target}.part`
    try {
      const { bavail, bsize } = await statfs(dirname(target))
      if (size > bavail * bsize) {
        throw limitReached(
          'disk_full',
          `The disk is full: the bundle has ${size} bytes, ${bavail * bsize} are free at ${dirname(target)}.`,
          'Free space there, or write it elsewhere.',
        )
      }
      const progress = countBytes(ctx, `Export ${version}`, size)
      const written = createWriteStream(part, { mode: 0o600, flush: true })
      await pipeline(Readable.fromWeb(body as never), progress.counter, written, { signal }).finally(progress.end)
      if (progress.done() !== size) throw new Error(`${progress.done()} of ${size} bytes came`)
      await rename(part, target)
    } catch (cause) {
      await body.cancel().catch(() => undefined)
      await rm(part, { force: true })
      if (signal.aborted || (cause instanceof Error && cause.name === 'HubError')) throw cause
      throw upstream(
        'export_broke_off',
        'The bundle broke off before its end.',
        'Try again; see the log of the hub if it happens again.',
        {
          cause,
        },
      )
    }
    if (ctx.flags.json) ctx.json({ file: target, bytes: size, signedBy: fingerprint })
    else {
      ctx.line(
        pairs([
          ['bundle', target],
          ['size', bytes(size)],
          ['signed by', fingerprint],
        ]),
      )
      ctx.line(`Import it: modelhub import ${join('…', file.split('/').at(-1) ?? file)} --trust-key ${fingerprint}`)
    }
    return exitCodes.ok
  },
})
