import { text } from '../../../text.ts'
import { Card, CardHead } from '../../../ui/card.tsx'
import { Field, Input, Select } from '../../../ui/field.tsx'
import { useProjects } from '../use-onboarding.ts'
import { splitTags } from '../wizard/draft.ts'
import { AfterFields } from '../wizard/step-governance.tsx'
import { bulk, wizard } from '../words.ts'
import type { BulkOptions } from './use-bulk.ts'

export type AllOptions = { project: string; tags: string; benchmark: boolean; evaluate: boolean; publish: boolean }

export const startOptions: AllOptions = { project: '', tags: '', benchmark: false, evaluate: false, publish: false }

export function optionsOf({ project, tags, benchmark, evaluate, publish }: AllOptions): BulkOptions {
  const given = splitTags(tags)
  return {
    onboarding: { benchmark, evaluate, publish },
    ...(given.length === 0 ? {} : { tags: given }),
    ...(project === '' ? {} : { project }),
  }
}

/** What holds for every row. */
export function BulkOptionFields({ options, change }: { options: AllOptions; change: (next: AllOptions) => void }) {
  const projects = useProjects()
  return (
    <Card>
      <CardHead title={bulk.options} />
      <div className="grid gap-4 px-4 pb-4">
        <div className="grid gap-4 md:grid-cols-2">
          <Field label={wizard.project}>
            {(wired) => (
              <Select
                {...wired}
                onChange={(event) => change({ ...options, project: event.target.value })}
                value={options.project}
              >
                <option value="">{wizard.projectDefault}</option>
                {projects.data?.map((project) => (
                  <option key={project.id} value={project.id}>
                    {project.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={wizard.tags} optional={text.common.optional}>
            {(wired) => (
              <Input
                {...wired}
                autoComplete="off"
                onChange={(event) => change({ ...options, tags: event.target.value })}
                value={options.tags}
              />
            )}
          </Field>
        </div>
        <AfterFields change={(next) => change({ ...options, ...next })} draft={options} hosted={false} />
      </div>
    </Card>
  )
}
