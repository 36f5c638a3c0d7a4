import type { Schema } from '../../../app/client.ts'

/** Words of what owners should hear of; here they stay in the chunks that show it. */
export const eventWords = {
  title: 'Told to the owner',
  note: 'What changed without anybody doing something to the version',
  kinds: {
    needs_attention: 'Taken out of service',
    findings_rose: 'Findings rose, still in service',
    findings_cleared: 'Findings cleared',
    quarantined: 'Quarantined',
    license_worse: 'License allows less, still in service',
  } satisfies Record<Schema<'OwnerEvent'>['kind'], string>,
  owner: (name: string) => `for ${name}`,
  noOwner: 'nobody owns the model',
  see: 'See the findings',
}
