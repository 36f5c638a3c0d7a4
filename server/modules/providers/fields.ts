import * as z from 'zod'
import type { VendorField } from './vendor.ts'

/** Visible ASCII without spaces: what fits into a header. */
const headerValue = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'Use visible characters without spaces.')

/** A secret that goes into a header. */
export const secretText = (title: string, more: Partial<VendorField> = {}): VendorField => ({
  title,
  secret: true,
  schema: headerValue,
  ...more,
})

/** A part of a host name or path, such as a region or a resource. */
export const nameText = (title: string, more: Partial<VendorField> = {}): VendorField => ({
  title,
  secret: false,
  schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'Use letters, digits and "-".'),
  ...more,
})

/** The base address of a server. What may be reached is up to the network policy. */
export const addressText = (title: string, more: Partial<VendorField> = {}): VendorField => ({
  title,
  secret: false,
  schema: z
    .string()
    .max(2_000)
    .refine(isPlainAddress, 'Give an address that starts with https:// or http://, without user, query and fragment.')
    .transform((text) => text.replace(/\/+$/, '')) as unknown as z.ZodType<string>,
  ...more,
})

function isPlainAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username === '' && password === '' && search === '' && hash === ''
}
