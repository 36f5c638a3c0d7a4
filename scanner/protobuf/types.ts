import type { ByteRange } from '../types.ts'

/** A message while and after it is read. Only what comes first of each field is kept; `counts` counts everything. */
export type Message = {
  /** Name of its type in the schema. */
  type: string
  /** Name of the field of the parent that holds it; '' for the outermost. */
  field: string
  parent: Message | undefined
  /** Bytes of the message, without its tag and length. */
  range: ByteRange
  /** The first values of number fields; those beyond 2^53 are rounded, negative ones are as signed 64-bit values. */
  ints: Map<string, number[]>
  /** The first texts, each cut to `maxText` characters. */
  texts: Map<string, string[]>
  /** The first ranges of `data` fields and of packed numbers, in the file. */
  ranges: Map<string, ByteRange[]>
  /** The first messages of each field that is not streamed. */
  messages: Map<string, Message[]>
  /** Values of each field: elements for packed numbers. */
  counts: Map<string, number>
}

/** The first text of a field, or ''. */
export function textOf(message: Message | undefined, field: string): string {
  return message?.texts.get(field)?.[0] ?? ''
}

/** The last number of a field, which is the one that counts to readers, or 0. */
export function intOf(message: Message | undefined, field: string): number {
  return message?.ints.get(field)?.at(-1) ?? 0
}

/** The kept messages of a field. */
export function messagesOf(message: Message | undefined, field: string): readonly Message[] {
  return message?.messages.get(field) ?? []
}

/** The kept message of a field. */
export function messageOf(message: Message | undefined, field: string): Message | undefined {
  return message?.messages.get(field)?.[0]
}
