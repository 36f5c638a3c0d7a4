import { setImmediate as nextTurn } from 'node:timers/promises'
import { OfferingFacts } from '../../../../contract/index.ts'
import { price, tokens } from '../units.ts'
import { vendors } from '../vendors/index.ts'
import type { Entry, Said } from './said.ts'

/** The package that is shipped, and when it was published (npm registry). */
export const bundledCatalog = { name: '@pydantic/genai-prices', version: '0.1.8', at: '2026-09-23T10:11:04.622Z' }
const source = `${bundledCatalog.name} ${bundledCatalog.version}`

const modelsPerTurn = 25

type Prices = typeof import('@pydantic/genai-prices')

/** What the shipped price data says; loaded at the first call, because it is large. */
export async function bundledFacts(): Promise<{
  /** What it says of one model, by its own rules of which names mean the same; null: nothing. */
  find: (provider: string, model: string) => Said | null
  /** All models of the providers that have a definition here. */
  all: () => Promise<Entry[]>
}> {
  const prices: Prices = await import('@pydantic/genai-prices')
  const valuesOf = (genaiId: string, model: string): OfferingFacts | null => {
    const found = calculate(prices, genaiId, model)
    if (found === null) return null
    const { model: info, model_price: given } = found
    const values = OfferingFacts.safeParse({
      ...(info.name === undefined ? {} : { name: info.name }),
      ...optional('context', tokens(info.context_window)),
      ...optional('inputPrice', priceOf(given['input_mtok'])),
      ...optional('outputPrice', priceOf(given['output_mtok'])),
      ...optional('cacheReadPrice', priceOf(given['cache_read_mtok'])),
      ...optional('cacheWritePrice', priceOf(given['cache_write_mtok'])),
      ...(info.deprecated === true ? { status: 'deprecated' } : {}),
    })
    return values.success ? values.data : null
  }
  return {
    find: (provider, model) => {
      const genaiId = vendors.find(provider)?.prices.genaiPrices
      const values = genaiId == null ? null : valuesOf(genaiId, model)
      return values === null || Object.keys(values).length === 0 ? null : { source, at: bundledCatalog.at, values }
    },
    all: async () => {
      const entries: Entry[] = []
      const taken = new Set<string>()
      for (const { kind, prices: own } of vendors.all) {
        // Two providers may share one price list, such as the two of Google: its own models count for the first.
        if (own.genaiPrices === null || taken.has(own.genaiPrices)) continue
        taken.add(own.genaiPrices)
        const models = prices.findProvider({ providerId: own.genaiPrices })?.models ?? []
        for (const model of new Set(models.map(({ id }) => id))) {
          // Each model is looked for among all of its provider: hundreds at once would keep everybody else waiting.
          if (entries.length % modelsPerTurn === 0) await nextTurn()
          const values = /^[\x21-\x7e]{1,200}$/.test(model) ? valuesOf(own.genaiPrices, model) : null
          if (values !== null) entries.push({ provider: kind, model, values })
        }
      }
      return entries
    },
  }
}

function calculate(prices: Prices, providerId: string, model: string) {
  try {
    return prices.calcPrice({ input_tokens: 1 }, model, { providerId, timestamp: new Date(bundledCatalog.at) })
  } catch {
    // A model without a price per input token, such as one for audio.
    return null
  }
}

/** Of a price that rises with the length of the prompt, the one it begins with. */
const priceOf = (given: number | { base: number } | undefined): number | undefined =>
  price(typeof given === 'object' ? given.base : given)

const optional = (name: string, value: number | undefined): object => (value === undefined ? {} : { [name]: value })
