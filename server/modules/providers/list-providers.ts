import type { Provider } from '../../../contract/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import {
  countCredentials,
  countOfferings,
  type ProviderInfoRow,
  readProviderInfo,
  readSyncs,
} from './offerings/store.ts'
import type { Vendor } from './vendor.ts'
import { vendors } from './vendors/index.ts'

type Counts = Pick<Provider, 'offerings' | 'credentials' | 'lastSync'>

/** Providers with a definition first, then those that only a catalog knows, each by title. */
export async function listProviders(
  { database: { db } }: { database: Database },
  input: { limit: number; cursor?: string; defined?: boolean },
): Promise<Page<Provider>> {
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const offerings = await countOfferings(db)
  const credentials = await countCredentials(db)
  const syncs = await readSyncs(db)
  const countsOf = (kind: string): Counts => ({
    offerings: offerings.get(kind) ?? 0,
    credentials: credentials.get(kind) ?? 0,
    lastSync: syncs.get(kind) ?? null,
  })
  const defined = vendors.all.map((vendor) => ({
    sort: `0${vendor.title.toLowerCase()} ${vendor.kind}`,
    item: fromVendor(vendor, countsOf(vendor.kind)),
  }))
  const others = (await readProviderInfo(db))
    .filter(({ provider }) => vendors.find(provider) === undefined)
    .map((info) => ({
      sort: `1${info.title.toLowerCase()} ${info.provider}`,
      item: fromCatalog(info, countsOf(info.provider)),
    }))
  const all = [...(input.defined === false ? [] : defined), ...(input.defined === true ? [] : others)]
  const rest = all
    .filter(({ sort }) => after === undefined || sort > after)
    .sort((a, b) => (a.sort < b.sort ? -1 : 1))
    .slice(0, input.limit + 1)
  return toPage(
    rest,
    input.limit,
    ({ item }) => item,
    ({ sort }) => [sort],
  )
}

function fromVendor(vendor: Vendor, counts: Counts): Provider {
  return {
    kind: vendor.kind,
    title: vendor.title,
    homepage: vendor.homepage,
    defined: true,
    sells: vendor.list !== null,
    dialect: vendor.dialect,
    api: vendor.base,
    fields: Object.entries(vendor.fields).map(([name, field]) => ({
      name,
      title: field.title,
      secret: field.secret,
      required: field.required !== false,
      multiline: field.multiline === true,
      example: field.example ?? null,
      help: field.help ?? null,
    })),
    proof: vendor.proof.says,
    docs: [...vendor.docs],
    ...counts,
  }
}

function fromCatalog(info: ProviderInfoRow, counts: Counts): Provider {
  return {
    kind: info.provider,
    title: info.title,
    homepage: info.docs,
    defined: false,
    sells: true,
    dialect: null,
    api: info.api,
    fields: [],
    proof: null,
    docs: [],
    ...counts,
  }
}
