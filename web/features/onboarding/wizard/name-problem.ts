import { wizard } from '../words.ts'

const part = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'
const shape = new RegExp(`^${part}(/${part})?$`)

/** Why a name cannot be used, in the words of the hub's own rule. */
export const nameProblem = (name: string): string | undefined =>
  name === '' ? wizard.nameMissing : shape.test(name) ? undefined : wizard.nameBad
