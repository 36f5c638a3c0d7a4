import type { PolicyMode } from '../../../contract/index.ts'
import { policies } from './policies/index.ts'

/** How a gate acts on what does not pass. Throws `not_found` for an unknown one. */
export const policyMode = (kind: string): PolicyMode => policies.get(kind).mode
