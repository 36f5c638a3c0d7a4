import { addressText, secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import { day, facts } from '../units.ts'
import type { Vendor } from '../vendor.ts'

const statusOf: Readonly<Record<string, 'active' | 'preview' | 'deprecated'>> = {
  'generally-available': 'active',
  preview: 'preview',
  legacy: 'deprecated',
  deprecated: 'deprecated',
  deprecating: 'deprecated',
}

export const azure: Vendor = openaiLike({
  kind: 'azure',
  title: 'Azure OpenAI / AI Foundry',
  homepage: 'https://ai.azure.com',
  fields: {
    endpoint: addressText('Endpoint of the resource', { example: 'https://my-resource.openai.azure.com' }),
    apiKey: secretText('API key'),
  },
  base: '{endpoint}/openai/v1',
  auth: { type: 'header', name: 'api-key', field: 'apiKey' },
  // What the resource may deploy. Deployments have names of their own and are listed by the management API, which asks for another login.
  row: (row) => {
    const life = row.text('lifecycle_status')
    const chats = row.flag('capabilities.chat_completion')
    const embeds = row.flag('capabilities.embeddings')
    return facts({
      status: life === undefined ? undefined : statusOf[life],
      deprecated: day(row.number('deprecation.inference')),
      endpoints: chats === true ? ['chat.completions'] : embeds === true ? ['embeddings'] : undefined,
    })
  },
  maxTokensField: 'max_completion_tokens',
  errors: [
    { status: 404, match: /DeploymentNotFound/i, code: 'unknown_model' },
    { status: 403, match: /Virtual Network|Firewall|public access/i, code: 'no_permission' },
    { status: 429, match: /quota/i, code: 'quota_exceeded' },
  ],
  prices: { genaiPrices: 'azure', modelsDev: 'azure' },
  docs: [
    {
      url: 'https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle',
      date: '2026-11-23',
      basis: 'recalled',
    },
    {
      url: 'https://learn.microsoft.com/rest/api/azureopenai/models/list',
      date: '2026-11-23',
      basis: 'recalled',
    },
  ],
})
