/** A page query without an undefined cursor, as the exact optional types of the modules ask. */
export function withCursor<Q extends { limit: number; cursor?: string | undefined }>(
  query: Q,
): Omit<Q, 'cursor'> & { cursor?: string } {
  const { cursor, ...rest } = query
  return cursor === undefined ? rest : { ...rest, cursor }
}
