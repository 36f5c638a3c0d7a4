import type { Provider } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Field, Input, Textarea } from '../../../ui/field.tsx'
import { credentialWords as words } from '../words.ts'

/** The fields of a stored credential: open ones with what they hold, secret ones empty. */
export function SecretFields({
  provider,
  values,
  onChange,
}: {
  provider: Provider
  values: Record<string, string>
  onChange: (values: Record<string, string>) => void
}) {
  return provider.fields.map((field) => {
    const shared = {
      autoComplete: field.secret ? 'new-password' : 'off',
      onChange: (event: { target: { value: string } }) => onChange({ ...values, [field.name]: event.target.value }),
      placeholder: field.example ?? undefined,
      spellCheck: false,
      value: values[field.name] ?? '',
    }
    const hint = [field.help, field.secret ? words.rotateKeep : null].filter((part) => part !== null).join(' ')
    return (
      <Field
        key={field.name}
        label={field.title}
        {...(hint === '' ? {} : { hint })}
        {...(field.required ? {} : { optional: text.common.optional })}
      >
        {(wired) =>
          field.multiline ? (
            <Textarea {...wired} {...shared} className="font-mono text-xs" rows={4} />
          ) : (
            <Input {...wired} {...shared} type={field.secret ? 'password' : 'text'} />
          )
        }
      </Field>
    )
  })
}
