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

const path = '/chat/completions'
const user = (content: unknown) => [{ role: 'user', content }]

/** Source: https://platform.openai.com/docs/api-reference/chat */
export const openaiDialect: Dialect = {
  kind: 'openai',
  smallest: (vendor, model, task) => {
    if (task === 'embed') return post('/embeddings', { model, input: questions.hello })
    if (task === 'rerank') return null
    return post(path, { model, messages: user(questions.hello), [vendor.maxTokensField ?? 'max_tokens']: 1 })
  },
  trial: (vendor, model, capability) => {
    const limit = { [vendor.maxTokensField ?? 'max_tokens']: trialTokens }
    switch (capability) {
      case 'streaming':
        return {
          request: post(path, { model, messages: user(questions.hello), stream: true, ...limit }),
          shows: isEventStream,
        }
      case 'tools':
        return {
          request: post(path, {
            model,
            messages: user(questions.tool),
            tools: [
              {
                type: 'function',
                function: { name: toolName, description: toolDescription, parameters: toolParameters },
              },
            ],
            tool_choice: { type: 'function', function: { name: toolName } },
            ...limit,
          }),
          shows: (_answer, row) => row.rows('choices.0.message.tool_calls').length > 0,
        }
      case 'json':
        return {
          request: post(path, {
            model,
            messages: user(questions.json),
            response_format: { type: 'json_object' },
            ...limit,
          }),
          shows: (_answer, row) => isJsonObject(row.text('choices.0.message.content')),
        }
      case 'vision':
        return {
          request: post(path, {
            model,
            messages: user([
              { type: 'text', text: questions.picture },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${picture()}` } },
            ]),
            ...limit,
          }),
          shows: () => true,
        }
    }
  },
}
