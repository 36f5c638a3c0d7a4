import { type ReactNode, useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { Field, Input, Select, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { completed, type Profile, type StoredProfile, usePutProfile } from './use-profile.ts'
import { profileWords as words } from './words.ts'

type Told = keyof typeof words.questions
const questions = Object.keys(words.questions) as Told[]
const early: Told[] = ['modifies', 'trainsModels']

/** Whole numbers with or without separators; null: left empty; undefined: not a number. */
function numberOf(typed: string): number | null | undefined {
  const digits = typed.replaceAll(/[\s,_]/g, '')
  if (digits === '') return null
  return /^\d{1,14}$/.test(digits) ? Number(digits) : undefined
}

const shown = (value: number | null) => (value === null ? '' : value.toLocaleString('en-US'))
const sorted = (profile: Profile) => JSON.stringify(Object.entries(profile).toSorted(([a], [b]) => a.localeCompare(b)))

/** The profile as fields; what is left at "Not told" stays null. */
export function ProfileForm({ stored }: { stored: StoredProfile }) {
  const can = useCan()
  const put = usePutProfile()
  const [before] = useState(() => completed(stored.profile))
  const [profile, setProfile] = useState(before)
  const [users, setUsers] = useState(shown(before.monthlyUsers))
  const [revenue, setRevenue] = useState(shown(before.annualRevenueUsd))
  const [reason, setReason] = useState('')
  const change = (part: Partial<Profile>) => setProfile((now) => ({ ...now, ...part }))
  const monthlyUsers = numberOf(users)
  const annualRevenueUsd = numberOf(revenue)
  const domicileWrong = profile.domicile !== null && !/^[A-Z]{2}$/.test(profile.domicile)
  const wrong = domicileWrong
    ? words.domicileWrong
    : monthlyUsers === undefined || annualRevenueUsd === undefined
      ? words.numberWrong
      : null
  const next: Profile = {
    ...profile,
    monthlyUsers: monthlyUsers ?? null,
    annualRevenueUsd: annualRevenueUsd ?? null,
  }
  const blocked = !can('admin') ? words.mayNot : (wrong ?? (sorted(next) === sorted(before) ? words.unchanged : null))
  const save = () => put.mutate({ profile: next, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) })
  return (
    <form
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (blocked === null) save()
      }}
    >
      <Group title={words.groups.organization}>
        <div className="grid items-start gap-3 md:grid-cols-3">
          <Field
            error={domicileWrong ? words.domicileWrong : undefined}
            hint={words.domicileHint}
            label={words.domicile}
          >
            {(wired) => (
              <Input
                {...wired}
                autoComplete="country"
                maxLength={2}
                onChange={(event) =>
                  change({ domicile: event.target.value === '' ? null : event.target.value.toUpperCase() })
                }
                value={profile.domicile ?? ''}
              />
            )}
          </Field>
          <Field
            error={monthlyUsers === undefined ? words.numberWrong : undefined}
            hint={words.monthlyUsersHint}
            label={words.monthlyUsers}
          >
            {(wired) => (
              <Input {...wired} inputMode="numeric" onChange={(event) => setUsers(event.target.value)} value={users} />
            )}
          </Field>
          <Field
            error={annualRevenueUsd === undefined ? words.numberWrong : undefined}
            hint={words.annualRevenueHint}
            label={words.annualRevenueUsd}
          >
            {(wired) => (
              <Input
                {...wired}
                inputMode="numeric"
                onChange={(event) => setRevenue(event.target.value)}
                value={revenue}
              />
            )}
          </Field>
        </div>
      </Group>
      <Group title={words.groups.use}>
        <div className="grid gap-3 md:grid-cols-2">
          <Choice
            label={words.purpose}
            onChange={(purpose: Profile['purpose']) => change({ purpose })}
            options={words.purposes}
            value={profile.purpose}
          />
          <Choice
            label={words.delivery}
            onChange={(delivery: Profile['delivery']) => change({ delivery })}
            options={words.deliveries}
            value={profile.delivery}
          />
        </div>
        {early.map((name) => (
          <Question key={name} name={name} onChange={change} value={profile[name]} />
        ))}
      </Group>
      <Group title={words.groups.special}>
        {questions
          .filter((name) => !early.includes(name))
          .map((name) => (
            <Question key={name} name={name} onChange={change} value={profile[name]} />
          ))}
      </Group>
      <Field hint={words.reasonHint} label={words.reason} optional={text.common.optional}>
        {(wired) => (
          <Textarea
            {...wired}
            maxLength={2_000}
            onChange={(event) => setReason(event.target.value)}
            rows={2}
            value={reason}
          />
        )}
      </Field>
      {put.isError && <ProblemBox error={put.error} live />}
      <div>
        <Button busy={put.isPending} look="ink" reason={blocked} type="submit">
          {words.save}
        </Button>
      </div>
    </form>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <CardHead title={title} />
      <div className="grid gap-3 px-4 pb-4">{children}</div>
    </Card>
  )
}

function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T | null
  options: Record<T, string>
  onChange: (value: T | null) => void
}) {
  return (
    <Field label={label}>
      {(wired) => (
        <Select
          {...wired}
          onChange={(event) => onChange(event.target.value === '' ? null : (event.target.value as T))}
          value={value ?? ''}
        >
          <option value="">{words.notTold}</option>
          {(Object.entries(options) as [T, string][]).map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

const answers = { yes: true, no: false, untold: null } as const

function Question({
  name,
  value,
  onChange,
}: {
  name: Told
  value: boolean | null
  onChange: (part: Partial<Profile>) => void
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
      <span className="min-w-0 grow basis-64">{words.questions[name]}</span>
      <Segmented
        label={words.questions[name]}
        onChange={(answer) => onChange({ [name]: answers[answer] })}
        options={[
          { value: 'untold', label: words.notTold },
          { value: 'no', label: words.no },
          { value: 'yes', label: words.yes },
        ]}
        value={value === null ? 'untold' : value ? 'yes' : 'no'}
      />
    </div>
  )
}
