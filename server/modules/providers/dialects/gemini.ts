import type { Vendor } from '../vendor.ts'
import {
  type Dialect,
  isEventStream,
  isJsonObject,
  post,
  questions,
  toolDescription,
  toolName,
  trialTokens,
} from './dialect.ts'
import { picture } from './picture.ts'

/** The model's path: its own project at Vertex, the shared one otherwise. A tuned model's id has parts of its own. */
const at = (vendor: Vendor, model: string): string => {
  const id = model.split('/').map(encodeURIComponent).join('/')
  const own = vendor.paths?.['model']
  return own === undefined ? (id.includes('/') ? `/${id}` : `/models/${id}`) : own.replace('{model}', id)
}

const ask = (vendor: Vendor, model: string, parts: readonly object[], more: object = {}, config: object = {}) =>
  post(`${at(vendor, model)}:generateContent`, {
    contents: [{ role: 'user', parts }],
    generationConfig: { maxOutputTokens: trialTokens, ...config },
    ...more,
  })

/** Source: https://ai.google.dev/api/generate-content */
export const geminiDialect: Dialect = {
  kind: 'gemini',
  smallest: (vendor, model, task) => {
    if (task === 'chat') return ask(vendor, model, [{ text: questions.hello }], {}, { maxOutputTokens: 1 })
    if (task === 'embed' && vendor.paths?.['model'] === undefined) {
      return post(`${at(vendor, model)}:embedContent`, { content: { parts: [{ text: questions.hello }] } })
    }
    return null
  },
  trial: (vendor, model, capability) => {
    switch (capability) {
      case 'streaming': {
        const request = ask(vendor, model, [{ text: questions.hello }])
        return {
          request: {
            ...request,
            path: request.path.replace(/:generateContent$/, ':streamGenerateContent'),
            query: { alt: 'sse' },
          },
          shows: isEventStream,
        }
      }
      case 'tools':
        return {
          request: ask(vendor, model, [{ text: questions.tool }], {
            tools: [
              {
                functionDeclarations: [
                  {
                    name: toolName,
                    description: toolDescription,
                    parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
                  },
                ],
              },
            ],
            toolConfig: { functionCallingConfig: { mode: 'ANY' } },
          }),
          shows: (_answer, row) =>
            row.rows('candidates.0.content.parts').some((part) => part.text('functionCall.name') !== undefined),
        }
      case 'json':
        return {
          request: ask(vendor, model, [{ text: questions.json }], {}, { responseMimeType: 'application/json' }),
          shows: (_answer, row) => isJsonObject(row.text('candidates.0.content.parts.0.text')),
        }
      case 'vision':
        return {
          request: ask(vendor, model, [
            { inlineData: { mimeType: 'image/png', data: picture() } },
            { text: questions.picture },
          ]),
          shows: () => true,
        }
    }
  },
}
