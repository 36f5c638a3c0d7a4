import {
  type Dialect,
  isEventStream,
  isJsonObject,
  post,
  questions,
  toolDescription,
  toolName,
  toolParameters,
  trialTokens,
} from './dialect.ts'
import { picture } from './picture.ts'

const ask = (model: string, content: unknown, more: object = {}) =>
  post('/v2/chat', { model, messages: [{ role: 'user', content }], max_tokens: trialTokens, ...more })

/** Source: https://docs.cohere.com/reference/chat */
export const cohereDialect: Dialect = {
  kind: 'cohere',
  smallest: (_vendor, model, task) => {
    if (task === 'chat') return ask(model, questions.hello, { max_tokens: 1 })
    if (task === 'rerank') return post('/v2/rerank', { model, query: questions.hello, documents: [questions.hello] })
    return post('/v2/embed', {
      model,
      texts: [questions.hello],
      input_type: 'search_query',
      embedding_types: ['float'],
    })
  },
  trial: (_vendor, model, capability) => {
    switch (capability) {
      case 'streaming':
        return { request: ask(model, questions.hello, { stream: true }), shows: isEventStream }
      case 'tools':
        return {
          request: ask(model, questions.tool, {
            tools: [
              {
                type: 'function',
                function: { name: toolName, description: toolDescription, parameters: toolParameters },
              },
            ],
            tool_choice: 'REQUIRED',
          }),
          shows: (_answer, row) => row.rows('message.tool_calls').length > 0,
        }
      case 'json':
        return {
          request: ask(model, questions.json, { response_format: { type: 'json_object' } }),
          shows: (_answer, row) => isJsonObject(row.text('message.content.0.text')),
        }
      case 'vision':
        return {
          request: ask(model, [
            { type: 'text', text: questions.picture },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${picture()}` } },
          ]),
          shows: () => true,
        }
    }
  },
}
