import { badRequest } from './failure.ts'

/** A number of the body within its range; undefined when absent or null. Throws RequestFailure 400. */
export function numberField(body: Record<string, unknown>, name: string, min: number, max: number): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw badRequest(`"${name}" must be a number from ${min} to ${max}.`, name)
  }
  return value
}

/** Like `numberField`, for whole numbers. */
export function integerField(
  body: Record<string, unknown>,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = numberField(body, name, min, max)
  if (value !== undefined && !Number.isInteger(value)) throw badRequest(`"${name}" must be a whole number.`, name)
  return value
}

/** A boolean of the body; undefined when absent or null. Throws RequestFailure 400. */
export function booleanField(body: Record<string, unknown>, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw badRequest(`"${name}" must be true or false.`, name)
  return value
}

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
