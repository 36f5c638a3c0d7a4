import { text } from '../../text.ts'
import { Field, Input, Textarea } from '../../ui/field.tsx'
import type { ChatCall } from './chat-stream.ts'
import { playgroundText } from './words.ts'

const words = playgroundText.playground

/** As typed; empty means the engine's own default. */
export type ParameterValues = { system: string; temperature: string; maxTokens: string; seed: string }
export const defaults: ParameterValues = { system: '', temperature: '0.2', maxTokens: '256', seed: '' }

const numberOf = (value: string) => (value.trim() === '' ? undefined : Number(value))
const bad = (value: string) => Number.isNaN(numberOf(value) ?? 0)

export function toCall(model: string, values: ParameterValues): Omit<ChatCall, 'messages'> {
  const [temperature, maxTokens, seed] = [
    numberOf(values.temperature),
    numberOf(values.maxTokens),
    numberOf(values.seed),
  ]
  const sane = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value)
  return {
    model,
    ...(sane(temperature) ? { temperature } : {}),
    ...(sane(maxTokens) ? { max_tokens: maxTokens } : {}),
    ...(sane(seed) ? { seed } : {}),
  }
}

export function Parameters({
  values,
  onChange,
}: {
  values: ParameterValues
  onChange: (values: ParameterValues) => void
}) {
  const number = (
    key: 'temperature' | 'maxTokens' | 'seed',
    label: string,
    range: { min: number; max?: number; step: number },
    hint?: string,
  ) => (
    <Field
      error={bad(values[key]) ? words.invalidNumber : undefined}
      label={label}
      {...(hint === undefined ? {} : { hint })}
    >
      {(wired) => (
        <Input
          {...wired}
          {...range}
          inputMode="decimal"
          onChange={(event) => onChange({ ...values, [key]: event.target.value })}
          type="number"
          value={values[key]}
        />
      )}
    </Field>
  )
  return (
    <aside
      aria-label={words.parameters}
      className="grid content-start gap-4 overflow-y-auto border-line px-4 py-4 max-xl:border-t md:px-6 xl:border-l xl:px-5"
    >
      <h2 className="text-md font-semibold">{words.parameters}</h2>
      <Field label={words.system} optional={text.common.optional}>
        {(wired) => (
          <Textarea
            {...wired}
            onChange={(event) => onChange({ ...values, system: event.target.value })}
            rows={4}
            value={values.system}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4 xl:grid-cols-1">
        {number('temperature', words.temperature, { min: 0, max: 2, step: 0.1 })}
        {number('maxTokens', words.maxTokens, { min: 1, step: 1 })}
        {number('seed', words.seed, { min: 0, step: 1 }, words.seedHint)}
      </div>
      <p className="border-t border-line pt-3 text-xs text-fg-3">{words.keyNote}</p>
    </aside>
  )
}
