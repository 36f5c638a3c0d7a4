import { unwrap } from '../../sdk/index.ts'
import type { Job } from '../api-types.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { present } from '../present.ts'
import { pairs } from '../text/table.ts'
import { wrongUse } from '../usage-error.ts'

export const licenseProfile = defineCommand({
  name: 'license profile',
  summary: 'Show or change what licenses ask about the organization',
  args: [],
  options: {
    set: {
      type: 'string',
      short: 's',
      multiple: true,
      value: 'FIELD=VALUE',
      description:
        'Change a field, such as purpose=customer_product, monthlyUsers=2000000, military=false or domicile=DE; null: not told',
    },
    reason: { type: 'string', value: 'TEXT', description: 'Why it changes' },
    'no-wait': { type: 'boolean', description: 'Do not wait until every license is judged by it' },
  },
  routes: ['getLicenseProfile', 'putLicenseProfile'],
  run: async (ctx, { values }) => {
    const hub = await ctx.hub()
    let stored = await unwrap(hub.client.GET('/license-profile'))
    const { set = [], reason } = values
    let job: Job | undefined
    if (set.length > 0) {
      const profile = { ...present(stored.profile, 'the profile'), ...Object.fromEntries(set.map(assignment)) }
      stored = await unwrap(
        hub.client.PUT('/license-profile', { body: { profile, ...(reason === undefined ? {} : { reason }) } }),
      )
      if (stored.jobId !== null && values['no-wait'] !== true) {
        job = await waitForJob(ctx, hub, stored.jobId)
        stored = { ...stored, jobId: null }
      }
    }
    if (ctx.flags.json) {
      ctx.json({ ...stored, ...(job === undefined ? {} : { job }) })
      return exitCodeOf(job)
    }
    const fields = Object.entries(present(stored.profile, 'the profile'))
    ctx.line(pairs(fields.map(([name, value]) => [name, value === null ? 'not told' : String(value)])))
    if (stored.updatedBy !== null) ctx.note(`revision ${stored.revision} by ${stored.updatedBy}`)
    if (job !== undefined) ctx.note(`licenses judged again: ${job.state}`)
    else if (stored.jobId !== null) ctx.note(`Licenses are being judged by it: modelhub jobs ${stored.jobId} --follow`)
    return exitCodeOf(job)
  },
})

const exitCodeOf = (job: Job | undefined) =>
  job?.state === 'failed' || job?.state === 'cancelled' ? exitCodes.refused : exitCodes.ok

/** `field=value`, with numbers, true, false and null read as such; the hub checks names and ranges. */
function assignment(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at <= 0) throw wrongUse(`"${text}" is not FIELD=VALUE.`, 'Write --set monthlyUsers=2000000.')
  const value = text.slice(at + 1)
  const read = /^(?:true|false|null|\d+(?:\.\d+)?)$/.test(value) ? (JSON.parse(value) as unknown) : value
  return [text.slice(0, at), read]
}
