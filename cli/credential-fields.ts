import { type components, unwrap } from '../sdk/index.ts'
import type { Context } from './context.ts'
import type { Hub } from './hub.ts'
import { wrongUse } from './usage-error.ts'

type Provider = components['schemas']['Provider']

/** Options that give the values of a credential. A secret is never an argument: other users of the machine see those. */
export const fieldOptions = {
  field: {
    type: 'string',
    short: 'f',
    multiple: true,
    value: 'NAME=VALUE',
    description: 'A value that is not secret, such as region=eu-central-1',
  },
  env: {
    type: 'string',
    short: 'e',
    multiple: true,
    value: 'NAME=VARIABLE',
    description: 'Take a secret from an environment variable, such as apiKey=OPENAI_API_KEY',
  },
  stdin: {
    type: 'string',
    value: 'NAME',
    description: 'Take this secret from standard input; without it, the one that is needed',
  },
  force: { type: 'boolean', description: 'Save it although its test fails' },
} as const

/** Throws wrong use when the hub has no such provider. */
export async function findProvider(hub: Hub, kind: string): Promise<Provider> {
  const query = { limit: 200, defined: 'true' as const }
  const { items } = await unwrap(hub.client.GET('/providers', { params: { query } }))
  const found = items.find((one) => one.kind === kind)
  if (found !== undefined) return found
  throw wrongUse(`There is no provider "${kind}".`, `One of: ${items.map((one) => one.kind).join(', ')}.`)
}

type Given = { field?: string[] | undefined; env?: string[] | undefined; stdin?: string | undefined }

/**
 * The fields of a credential from options, the environment and standard input. Of the secrets that are needed and not in the
 * environment, one may come on standard input as it is, or several as lines `NAME=VALUE`; on a terminal each is asked for.
 */
export async function readFields(
  ctx: Context,
  provider: Provider,
  given: Given,
  rotating = false,
): Promise<Record<string, string>> {
  const byName = new Map(provider.fields.map((field) => [field.name, field]))
  const fields: Record<string, string> = {}
  for (const text of given.field ?? []) {
    const [name, value] = split(text, '--field')
    if (byName.get(name)?.secret === true) {
      throw wrongUse(`${name} is a secret and is no argument.`, `Use --env ${name}=VARIABLE, or standard input.`)
    }
    fields[name] = value
  }
  for (const text of given.env ?? []) {
    const [name, variable] = split(text, '--env')
    const value = ctx.environment.variables[variable]
    if (value === undefined || value === '') throw wrongUse(`The environment variable ${variable} is not set.`)
    fields[name] = value
  }
  const missing = wanted(provider, fields, given.stdin, rotating)
  if (missing.length === 0) {
    if (!rotating) noteUnset(ctx, provider, fields)
    return fields
  }
  if (ctx.terminal.input) {
    for (const { name, title } of missing)
      fields[name] = (await ctx.ask(`${title} (it is shown while you type): `)) ?? ''
    return fields
  }
  const input = await ctx.readInput()
  const [only] = missing
  if (missing.length === 1 && only !== undefined) fields[only.name] = input.trim()
  else {
    for (const line of input.split(/\r?\n/).filter((one) => one.trim() !== '')) {
      const [name, value] = split(line, 'standard input')
      fields[name] = value.trim()
    }
  }
  const still = missing.find(({ name }) => (fields[name] ?? '') === '')
  if (still === undefined) return fields
  throw wrongUse(
    `${provider.title} needs ${still.name} (${still.title}).`,
    `Give it on standard input, or with --env ${still.name}=VARIABLE.`,
  )
}

/** The secrets that are still to come. */
function wanted(
  provider: Provider,
  fields: Readonly<Record<string, string>>,
  named: string | undefined,
  rotating: boolean,
) {
  const secrets = provider.fields.filter((one) => one.secret && fields[one.name] === undefined)
  if (named !== undefined) {
    const found = secrets.filter(({ name }) => name === named)
    if (found.length === 0) throw wrongUse(`${provider.title} has no other secret "${named}".`)
    return found
  }
  const needed = secrets.filter(({ required }) => required)
  if (!rotating) return needed
  // When something is given the stored secrets stay; when nothing is, it must be the secret.
  if (Object.keys(fields).length > 0) return []
  return needed.length > 0 ? needed : secrets
}

/** Standard input may stay open for ever, so a secret that need not be there is read from it only when asked for. */
function noteUnset(ctx: Context, provider: Provider, fields: Readonly<Record<string, string>>): void {
  const unset = provider.fields.find((one) => one.secret && fields[one.name] === undefined)
  if (unset === undefined || provider.fields.some((one) => one.secret && fields[one.name] !== undefined)) return
  ctx.note(`No ${unset.title} is given. If one is needed: --stdin ${unset.name}, or --env ${unset.name}=VARIABLE.`)
}

function split(text: string, what: string): [string, string] {
  const at = text.indexOf('=')
  // Not the text: it may hold the secret.
  if (at <= 0) throw wrongUse(`${what} takes NAME=VALUE.`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}
