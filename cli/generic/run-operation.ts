import type { Input, OptionSpecs } from '../command.ts'
import { confirm } from '../confirm.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage } from '../paging.ts'
import { wrongUse } from '../usage-error.ts'
import type { ResourceOperation } from './find-operation.ts'
import { readOpenapi } from './openapi.ts'
import { bodySchema, type Field, fieldValue, parseJson } from './options.ts'
import { printList, printObject } from './print.ts'

/** Runs one generated command: options → request → JSON, table or labeled values. */
export async function runOperation(
  ctx: Context,
  found: ResourceOperation,
  fields: readonly Field[],
  input: Input<OptionSpecs>,
): Promise<number> {
  const id = input.positionals[0] ?? ''
  const query = new URLSearchParams()
  for (const field of fields) {
    const given = valueOf(input, field)
    if (field.place !== 'query' || given === undefined) continue
    for (const value of [fieldValue(field, given)].flat()) query.append(field.name, String(value))
  }
  const body = found.operation.requestBody === undefined ? undefined : await readBody(ctx, found, fields, input)
  if (found.verb === 'rm' && !(await confirm(ctx, `Remove ${id} from ${found.resource}?`, input.values.yes === true))) {
    ctx.note('Nothing was removed.')
    return exitCodes.refused
  }
  const hub = await ctx.hub()
  const answer = await hub.send(found.method, found.path.replace('{id}', encodeURIComponent(id)), query, body)
  if (ctx.flags.json) ctx.json(answer ?? { id, removed: true })
  else if (answer === undefined) ctx.line(`${id} is removed.`)
  else if (isPage(answer)) {
    printList(ctx, answer.items)
    notePage(ctx, { nextCursor: answer.nextCursor ?? null })
  } else printObject(ctx, answer)
  return exitCodes.ok
}

type Page = { items: unknown[]; nextCursor?: string | null }

/** The list inside an answer: `items` of a page, or `entries` of a folder. */
function isPage(answer: unknown): answer is Page {
  if (typeof answer !== 'object' || answer === null) return false
  const found = answer as { items?: unknown; entries?: unknown }
  if (!Array.isArray(found.items) && Array.isArray(found.entries)) found.items = found.entries
  return Array.isArray(found.items)
}

async function readBody(ctx: Context, found: ResourceOperation, fields: readonly Field[], input: Input<OptionSpecs>) {
  const { data } = input.values
  const whole =
    typeof data === 'string' ? parseJson(data === '-' ? await ctx.readInput() : data, '--data') : ({} as unknown)
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) throw wrongUse('--data takes a JSON object.')
  const body: Record<string, unknown> = { ...whole }
  for (const field of fields) {
    const given = valueOf(input, field)
    if (field.place === 'body' && given !== undefined) body[field.name] = fieldValue(field, given)
  }
  const schema = bodySchema(readOpenapi(), found.operation)
  const missing = schema?.required?.find((name) => body[name] === undefined && !hasDefault(fields, name))
  if (missing !== undefined) {
    const field = fields.find((one) => one.name === missing)
    throw wrongUse(`modelhub ${found.resource} ${found.verb} needs --${field?.option ?? missing}.`)
  }
  if (found.verb === 'update' && Object.keys(body).length === 0) throw wrongUse('There is nothing to change.')
  return body
}

const hasDefault = (fields: readonly Field[], name: string): boolean =>
  fields.find((field) => field.name === name)?.schema.default !== undefined

function valueOf(input: Input<OptionSpecs>, field: Field): string | readonly string[] | undefined {
  const given = input.values[field.option]
  return typeof given === 'boolean' ? undefined : given
}
