/** Secrets at rest: sealed with the envelope key, bound to what they are for. */
export { seal, unseal } from './seal.ts'
