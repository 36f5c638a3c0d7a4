import { HubError } from '../../kernel/index.ts'

/** The HubError that a promise rejects with; fails when it resolves or when anything else is thrown. */
export async function hubErrorOf(promise: Promise<unknown>): Promise<HubError> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (error instanceof HubError) return error
    throw error
  }
  throw new Error(`nothing was thrown; it answered ${JSON.stringify(value)}`)
}
