import { HubError } from '../kernel/index.ts'

const code = 'wrong_use'

/** The command was used wrongly: exit code 3. */
export const wrongUse = (message: string, remedy?: string): HubError =>
  new HubError({ kind: 'invalid', code, message, ...(remedy === undefined ? {} : { remedy }) })

export const isWrongUse = (error: unknown): boolean => error instanceof HubError && error.code === code
