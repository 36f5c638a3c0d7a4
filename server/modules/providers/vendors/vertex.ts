import * as z from 'zod'
import { nameText } from '../fields.ts'
import { facts } from '../units.ts'
import type { Vendor } from '../vendor.ts'

const project = 'projects/{project}/locations/{region}'

export const vertex: Vendor = {
  kind: 'vertex',
  title: 'Google Vertex AI',
  homepage: 'https://cloud.google.com/vertex-ai',
  dialect: 'gemini',
  fields: {
    project: nameText('Project', { example: 'my-project-123' }),
    region: nameText('Region', { example: 'europe-west4' }),
    serviceAccount: {
      title: 'Service account key',
      secret: true,
      multiline: true,
      schema: z.string().min(2).max(16_384),
      help: 'The JSON key file of a service account with the role Vertex AI User.',
    },
  },
  base: 'https://{region}-aiplatform.googleapis.com',
  auth: { type: 'google-service-account', field: 'serviceAccount' },
  headers: { 'x-goog-user-project': '{project}' },
  list: {
    request: { method: 'GET', path: '/v1beta1/publishers/google/models', query: { pageSize: '100' } },
    rows: 'publisherModels',
    paging: { type: 'token', next: 'nextPageToken', param: 'pageToken' },
    read: (row) => {
      const model = row.text('name')?.split('/').at(-1)
      const stage = row.text('launchStage')
      if (model === undefined) return null
      return {
        model,
        facts: facts({
          status:
            stage === 'GA' ? 'active' : stage === undefined ? undefined : /PREVIEW/.test(stage) ? 'preview' : undefined,
        }),
      }
    },
  },
  // The list of publisher models is the same for everybody; what the project holds is not.
  proof: {
    type: 'request',
    says: "the endpoints of the project, which needs the account's key and its permission there",
    request: { method: 'GET', path: `/v1/${project}/endpoints`, query: { pageSize: '1' } },
  },
  errors: [
    { status: 400, match: /invalid_grant|Invalid JWT/i, code: 'key_refused' },
    { status: 403, match: /billing/i, code: 'quota_exceeded' },
  ],
  paths: { model: `/v1/${project}/publishers/google/models/{model}` },
  regionField: 'region',
  prices: { genaiPrices: 'google', modelsDev: 'google-vertex' },
  docs: [
    {
      url: 'https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models/list',
      date: '2026-11-23',
      basis: 'recalled',
    },
    {
      url: 'https://developers.google.com/identity/protocols/oauth2/service-account',
      date: '2026-11-23',
      basis: 'recalled',
    },
  ],
}
