import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { present } from '../present.ts'
import { bytes, count } from '../text/units.ts'
import { uploadPaths } from '../uploads/upload-paths.ts'
import { wrongUse } from '../usage-error.ts'
import { addOne } from './add-one.ts'

export const upload = defineCommand({
  name: 'upload',
  summary: 'Send files and folders of this machine to the hub, where models are made of them',
  args: ['<path>…'],
  options: {
    add: { type: 'string', value: 'NAME', description: 'Register a model of this name from it and onboard it' },
    publish: { type: 'boolean', description: 'With --add: publish it once verified, if the gates allow' },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    draft: { type: 'boolean', description: 'With --add: keep it as a draft; start it later with modelhub retry' },
    'no-wait': { type: 'boolean', description: 'With --add: do not wait for the job' },
  },
  notes: [
    'Run it again after it broke off: what the hub has is not sent again.',
    'Every file is hashed while it is sent, and the hub compares. An upload that is not used is removed after seven days.',
    'Exit code: 0 sent (with --add: verified or better), 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: [
    'createUpload',
    'listUploads',
    'getUpload',
    'sendUploadFile',
    'finishUpload',
    'createModel',
    'getVersion',
    'streamJobEvents',
  ],
  run: async (ctx, { values, positionals }) => {
    if (positionals.length === 0) throw wrongUse('What shall be uploaded?', 'Give a file or a folder.')
    const hub = await ctx.hub()
    const sent = await uploadPaths(ctx, hub, positionals, values.project)
    if (values.add !== undefined) {
      if (!ctx.flags.json) ctx.note(`${count(sent.fileCount, 'file')} are on the hub as ${sent.id}.`)
      return await addOne(ctx, hub, present(sent.source, 'the source'), values.add, values)
    }
    if (ctx.flags.json) ctx.json(sent)
    else {
      ctx.line(`${sent.id}  ${count(sent.fileCount, 'file')}, ${bytes(sent.totalBytes)}`)
      ctx.line(`Make a model of it: modelhub add upload:${sent.id} --name NAME`)
    }
    return exitCodes.ok
  },
})
