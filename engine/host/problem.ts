import type { EngineReason } from '../types.ts'

/** A refusal of the host: HTTP status, stable code, plain sentence. */
export class EngineProblem extends Error {
  readonly status: number
  readonly code: string
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: string, detail: string, retryAfterSeconds?: number) {
    super(detail)
    this.name = 'EngineProblem'
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** True when loading the same files again must end the same way, so that only a person can help. */
export function isLasting(problem: EngineProblem): boolean {
  return lasting.has(problem.code)
}

const lasting = new Set(['broken_model', 'nan_logits', 'not_generative', 'fingerprint_changed', 'missing_file'])

export const reasonOf = (problem: EngineProblem): EngineReason => ({ code: problem.code, detail: problem.message })
