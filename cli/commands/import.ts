import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { invalid } from '../../kernel/index.ts'
import type { components } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { hubAnswer } from '../hub-answer.ts'
import { countBytes } from '../jobs/count-bytes.ts'
import { bytes } from '../text/units.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { finishAdd } from './add-finish.ts'

type Imported = components['schemas']['BundleImported']

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Take in a signed file that another hub has exported, and onboard it like any other model',
  args: ['<file>'],
  options: {
    'trust-key': {
      type: 'string',
      value: 'FINGERPRINT',
      description:
        'Take it although the key is not among MODELHUB_TRUSTED_KEYS; compare it with what the other hub said',
    },
    name: { type: 'string', value: 'NAME', description: 'Name of the model here; that of the bundle otherwise' },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    draft: { type: 'boolean', description: 'Keep it as a draft; start it later with modelhub retry' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the job' },
  },
  notes: [
    'Nothing of a bundle is seen by anybody before its signature and every file in it were checked. It is scanned here again.',
    'Exit code: 0 verified or better, 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: ['importBundle', 'getVersion', 'streamJobEvents'],
  run: async (ctx, { values, positionals }) => {
    const [file] = positionals
    if (file === undefined) throw wrongUse('Which file shall be imported?')
    const path = resolve(ctx.folder, file)
    const found = await stat(path).catch(() => null)
    if (found?.isFile() !== true) throw invalid('no_file', `There is no file ${path}.`, 'Check the spelling.')
    const query = new URLSearchParams()
    if (values['trust-key'] !== undefined) query.set('trustKey', values['trust-key'].toLowerCase())
    if (values.name !== undefined) query.set('name', values.name)
    if (values.project !== undefined) query.set('project', values.project)
    if (values.draft === true) query.set('start', 'false')
    const hub = await ctx.hub()
    const progress = countBytes(ctx, `Send ${bytes(found.size)}`, found.size)
    // A blob of the file has a known length and is read as it is sent.
    const answer = await hubAnswer(hub, `/imports?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-tar' },
      body: await openAsBlob(path),
      signal: ctx.signal(),
    }).finally(progress.end)
    const imported = (await answer.json()) as Imported
    if (imported.job !== null && values['no-wait'] !== true) return finishAdd(ctx, hub, imported, imported.job, false)
    if (ctx.flags.json) ctx.json(imported)
    else {
      for (const line of versionOutcome(imported.version)) ctx.line(line)
      if (imported.job === null) {
        ctx.line(`Start it: modelhub retry ${imported.version.modelName}@${imported.version.number}`)
      } else ctx.line(`Watch it: modelhub jobs ${imported.job.id} --follow`)
    }
    return exitCodes.ok
  },
})
