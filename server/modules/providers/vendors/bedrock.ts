import { nameText, secretText } from '../fields.ts'
import { day, facts, modalities } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const bedrock: Vendor = {
  kind: 'bedrock',
  title: 'Amazon Bedrock',
  homepage: 'https://aws.amazon.com/bedrock',
  dialect: 'bedrock',
  fields: {
    region: nameText('Region', { example: 'eu-central-1' }),
    accessKeyId: secretText('Access key id', { example: 'AKIA…' }),
    secretAccessKey: secretText('Secret access key'),
    sessionToken: secretText('Session token', { required: false, help: 'For temporary credentials only.' }),
  },
  base: 'https://bedrock.{region}.amazonaws.com',
  auth: { type: 'sigv4', service: 'bedrock' },
  list: {
    request: { method: 'GET', path: '/foundation-models' },
    rows: 'modelSummaries',
    read: (row) => {
      const model = row.text('modelId')
      if (model === undefined) return null
      const life = row.text('modelLifecycle.status')
      return {
        model,
        facts: facts({
          name: row.text('modelName'),
          inputModalities: modalities(row.texts('inputModalities')),
          outputModalities: modalities(row.texts('outputModalities')),
          status: life === 'LEGACY' ? 'deprecated' : life === 'ACTIVE' ? 'active' : undefined,
          deprecated: day(row.text('modelLifecycle.endOfLifeTime')),
        }),
      }
    },
  },
  proof: { type: 'list', says: 'its list of models, which it shows to signed requests only' },
  errors: [
    {
      status: [400, 403],
      match:
        /UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|security token|ExpiredToken|InvalidClientTokenId/i,
      code: 'key_refused',
    },
    { status: 429, match: /quota|ServiceQuotaExceeded/i, code: 'quota_exceeded' },
    { match: /Throttling/i, code: 'rate_limited' },
    { match: /ModelNotReady|ServiceUnavailable|ModelTimeout/i, code: 'overloaded' },
    { status: 400, match: /model identifier is invalid|model version .* not supported/i, code: 'unknown_model' },
    { match: /not (?:available|supported) in (?:this|your) (?:region|country)/i, code: 'region_refused' },
  ],
  paths: { runtime: 'https://bedrock-runtime.{region}.amazonaws.com' },
  regionField: 'region',
  prices: { genaiPrices: 'aws', modelsDev: 'amazon-bedrock' },
  docs: [
    {
      url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html',
      date: '2026-11-23',
      basis: 'documentation',
    },
    {
      url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html',
      date: '2026-11-23',
      basis: 'recalled',
    },
  ],
}
