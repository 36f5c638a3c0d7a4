import type { components } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import { pairs } from './table.ts'
import { count, relative } from './units.ts'

type Credential = components['schemas']['Credential']

/** Says what a credential is and whether it held, without its secrets. */
export function printCredential(ctx: Context, credential: Credential): void {
  const now = ctx.clock.now()
  const { lastTest: test } = credential
  ctx.line(
    pairs([
      ['id', credential.id],
      ['name', credential.name],
      ['provider', credential.kind],
      ...Object.entries(credential.fields).map(([name, value]) => [name, value] as const),
      ...credential.secrets.map(
        ({ name, hint }) => [name, hint === null ? 'stored' : `stored, ends in ${hint}`] as const,
      ),
      ['test', test === null ? 'never' : `${test.ok ? 'holds' : test.code}, ${relative(test.at, now)}`],
      ['last used', credential.lastUsedAt === null ? 'never' : relative(credential.lastUsedAt, now)],
      ['used by', count(credential.usedByCount, 'version')],
    ]),
  )
  if (test !== null && !test.ok) {
    ctx.note(test.message)
    if (test.remedy !== null) ctx.note(test.remedy)
  }
}
