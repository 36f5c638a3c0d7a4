import { type components, createClient } from '../../sdk/index.ts'

/** The hub that served this page; the session cookie travels by itself. */
export const hub = createClient({ url: '' })

export type Schema<K extends keyof components['schemas']> = NonNullable<components['schemas'][K]>
