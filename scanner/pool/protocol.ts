import type { FileFacts } from '../types.ts'

/** Messages between the pool and a scanner child. Descriptors are inherited: file `n` of a batch is descriptor `firstDescriptor + n`. */
export type ScanJob = {
  /** Place in the batch. */
  index: number
  /** Bytes. */
  size: number
  /** Path in the repository, or ''. */
  path: string
  /** Milliseconds from the start of the file after which the child is ended; it ends the inspection itself a little before. */
  deadlineMs: number
}

export type ToChild = { type: 'batch'; jobs: ScanJob[] }

export type FromChild =
  | { type: 'started'; index: number; networkRefused: boolean }
  /** The file unpacks to more than was known, and has so many milliseconds from its start. */
  | { type: 'moved'; index: number; deadlineMs: number }
  | { type: 'done'; index: number; facts: FileFacts }
  | { type: 'failed'; index: number; reason: string }

/** 0 to 2 are the standard streams, 3 is the channel of messages. */
export const firstDescriptor = 4

/** A message of a child is believed only as far as its shape can be checked. */
export function isFromChild(value: unknown): value is FromChild {
  if (typeof value !== 'object' || value === null) return false
  const { type, index, facts, deadlineMs } = value as { [K in 'type' | 'index' | 'facts' | 'deadlineMs']?: unknown }
  if (typeof index !== 'number' || !Number.isInteger(index)) return false
  if (type === 'started' || type === 'failed') return true
  if (type === 'moved') return typeof deadlineMs === 'number' && Number.isFinite(deadlineMs)
  return type === 'done' && isFacts(facts)
}

function isFacts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const facts = value as Partial<Record<keyof FileFacts, unknown>>
  const coverage = facts.coverage as Partial<FileFacts['coverage']> | undefined
  return (
    typeof facts.size === 'number' &&
    typeof facts.format === 'string' &&
    typeof facts.title === 'string' &&
    Array.isArray(facts.parts) &&
    Array.isArray(facts.observations) &&
    typeof coverage?.unaccountedBytes === 'number'
  )
}
