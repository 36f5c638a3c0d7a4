import type * as z from 'zod'
import type { OfferingFacts } from '../../../contract/index.ts'

/** One value that a credential holds. */
export type VendorField = {
  title: string
  secret: boolean
  /** True unless told. */
  required?: boolean
  /** More than one line, such as a key file. */
  multiline?: boolean
  /** What it may look like. */
  schema: z.ZodType<string>
  example?: string
  help?: string
}

/** How a request carries the credential. `field` names the field that holds the secret; without a value nothing is sent. */
export type VendorAuth =
  | { type: 'none' }
  | { type: 'bearer'; field: string }
  | { type: 'header'; name: string; field: string }
  | { type: 'sigv4'; service: string }
  | { type: 'google-service-account'; field: string }

/** One request to a provider: its path is below the base address; a whole address starts with https:// or http://. */
export type VendorRequest = {
  method: 'GET' | 'POST'
  path: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

/** How the next page of a list is asked for. */
type VendorPaging =
  /** `next` is a field of the answer; its value goes into `param` while it is there. */
  | { type: 'token'; next: string; param: string }
  /** The same while `more` is true. */
  | { type: 'cursor'; next: string; more: string; param: string }

/** What one row of a list says; null skips a row that is no model. Fields that are missing are unknown. */
export type ListedModel = { model: string; facts: OfferingFacts }

export type VendorList = {
  request: VendorRequest
  /** Field of the answer that holds the rows; empty: the answer is the list. */
  rows: string
  paging?: VendorPaging
  read: (row: Row) => ListedModel | null
}

/** A row of a provider's answer with readers that never throw: what has another type is not there. */
export type Row = {
  text: (path: string) => string | undefined
  number: (path: string) => number | undefined
  flag: (path: string) => boolean | undefined
  texts: (path: string) => string[] | undefined
  rows: (path: string) => Row[]
}

/** What proves a key. A list that anybody can read proves nothing. */
export type VendorProof = {
  /** What is asked, in words. */
  says: string
} & (
  | { type: 'list' }
  | {
      type: 'request'
      request: VendorRequest
      /** Why an answer of 2xx is still a refusal; undefined: the key holds. */
      refusal?: (answer: Row) => FailureCode | undefined
    }
  /** An address that the credential opens and that stays shut without it. */
  | { type: 'opens'; address: string }
  /** One token of this model, or of the first listed one that chats. */
  | { type: 'one-token'; model?: string }
)

/** Why a provider said no, in our words. */
export const failureCodes = [
  'key_refused',
  'no_permission',
  'unknown_model',
  'rate_limited',
  'quota_exceeded',
  'region_refused',
  'overloaded',
  'request_refused',
  'provider_failed',
] as const
export type FailureCode = (typeof failureCodes)[number]

/** One line of an error table: all that is given must fit. `match` is tried on code, type and message of the answer. */
export type ErrorRule = { status?: number | readonly number[]; match?: RegExp; code: FailureCode }

export type DialectName = 'openai' | 'anthropic' | 'gemini' | 'bedrock' | 'cohere'

/** Where a fact about a provider was read. `recalled`: written from memory of that page, not read again. */
export type VendorDocs = { url: string; date: string; basis: 'documentation' | 'recalled' }

/**
 * A provider as data: how to reach it, what a credential holds, how it lists, what proves a key, what its errors mean. One file in
 * `vendors/` and one line in its index make a provider.
 */
export type Vendor = {
  /** Stable; the prefix of `cloud:<kind>/<model>`. */
  kind: string
  title: string
  homepage: string
  /** Null for a token that buys no inference. */
  dialect: DialectName | null
  fields: Readonly<Record<string, VendorField>>
  /** Base address; `{field}` is filled from the credential. */
  base: string
  auth: VendorAuth
  headers?: Readonly<Record<string, string>>
  /** Null: this kind holds a token and sells nothing. */
  list: VendorList | null
  proof: VendorProof
  /** Before the rules of all providers. */
  errors?: readonly ErrorRule[]
  /** Paths below the base where inference differs from the dialect's own. */
  paths?: Readonly<Record<string, string>>
  /** Name of the field that bounds the answer, where it is not `max_tokens`. */
  maxTokensField?: string
  /** The region that a credential is for, by the name of its field. */
  regionField?: string
  /** Its id in price and catalog data. */
  prices: { genaiPrices: string | null; modelsDev: string | null }
  docs: readonly VendorDocs[]
}
