import type { RouteId } from '../../contract/index.ts'
import type { Command, OptionSpec } from '../command.ts'
import { type ResourceOperation, resourceOperations } from './find-operation.ts'
import { readOpenapi } from './openapi.ts'
import { fieldsOf } from './options.ts'
import { runOperation } from './run-operation.ts'

/** Resources that openapi.json offers generated commands for. */
export const genericResources = (): string[] => [...new Set(resourceOperations().map(({ resource }) => resource))]

/** The generated commands of one resource. */
export const genericCommands = (resource: string): Command[] =>
  resourceOperations()
    .filter((found) => found.resource === resource)
    .map(toCommand)

/** The command `modelhub <resource> <verb>`, when openapi.json has such an operation. */
export function genericCommand(resource: string, verb: string): Command | undefined {
  const found = resourceOperations().find((one) => one.resource === resource && one.verb === verb)
  return found === undefined ? undefined : toCommand(found)
}

function toCommand(found: ResourceOperation): Command {
  const fields = fieldsOf(readOpenapi(), found.operation)
  const options: Record<string, OptionSpec> = Object.fromEntries(fields.map((field) => [field.option, field.spec]))
  if (found.operation.requestBody !== undefined) {
    options.data = { type: 'string', value: 'JSON', description: 'The whole body as JSON, or - for standard input' }
  }
  if (found.verb === 'rm') options.yes = { type: 'boolean', short: 'y', description: 'Do not ask' }
  return {
    name: `${found.resource} ${found.verb}`,
    summary: found.operation.summary,
    args: found.path.endsWith('{id}') ? ['<id>'] : [],
    options,
    routes: [found.operation.operationId as RouteId],
    run: (ctx, input) => runOperation(ctx, found, fields, input),
  }
}
