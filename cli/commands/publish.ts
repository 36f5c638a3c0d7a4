import { unwrap } from '../../sdk/index.ts'
import type { ModelVersion } from '../api-types.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { checkLines } from '../text/checks.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { versionToChange } from '../version-reference.ts'

export const publish = defineCommand({
  name: 'publish',
  summary: 'Publish a version: applications can call it by the name of the model',
  args: ['<version>'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why' },
    'no-evidence-because': {
      type: 'string',
      value: 'TEXT',
      description: 'Why it may do without benchmark or evaluation',
    },
  },
  routes: ['publishVersion', 'getVersionReadiness', 'listDeployments'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const noEvidenceBecause = values['no-evidence-because']
    const version = await unwrap(
      hub.client.POST('/versions/{id}/publish', {
        params: { path: { id } },
        body: {
          ...(values.reason === undefined ? {} : { reason: values.reason }),
          ...(noEvidenceBecause === undefined ? {} : { noEvidenceBecause }),
        },
      }),
    )
    if (ctx.flags.json) ctx.json(version)
    else {
      for (const line of versionOutcome(version)) ctx.line(line)
      // It is published: what cannot be asked any more is left out, and is no failure.
      for (const line of await warnings(hub, version.id).catch(() => [])) ctx.line(`  ${line}`)
      const how = await howToUse(hub, version).catch(() => null)
      if (how !== null) ctx.line(how)
    }
    return exitCodes.ok
  },
})

/** What the gates that do not block say against it. */
async function warnings(hub: Hub, id: string): Promise<string[]> {
  const { checks } = await unwrap(hub.client.GET('/versions/{id}/readiness', { params: { path: { id } } }))
  return checks.filter(({ status }) => status === 'warn').flatMap(checkLines)
}

async function howToUse(hub: Hub, version: ModelVersion): Promise<string | null> {
  const call = `Call it: modelhub chat ${version.modelName}`
  if (version.hosted !== null) return version.hosted.gateway.speaks ? call : null
  const query = { version: version.id, limit: 50 }
  const { items } = await unwrap(hub.client.GET('/deployments', { params: { query } }))
  return items.some((deployment) => !deployment.private)
    ? call
    : 'No engine here can run it, so the gateway does not answer for it. Its files can be pulled.'
}
