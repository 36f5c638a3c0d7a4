import {
  type Dialect,
  isEventStream,
  post,
  questions,
  toolDescription,
  toolName,
  toolParameters,
  trialTokens,
} from './dialect.ts'
import { picture } from './picture.ts'

const ask = (model: string, content: unknown, more: object = {}) =>
  post('/messages', { model, max_tokens: trialTokens, messages: [{ role: 'user', content }], ...more })

/** Source: https://docs.anthropic.com/en/api/messages */
export const anthropicDialect: Dialect = {
  kind: 'anthropic',
  smallest: (_vendor, model, task) => (task === 'chat' ? ask(model, questions.hello, { max_tokens: 1 }) : null),
  trial: (_vendor, model, capability) => {
    switch (capability) {
      case 'streaming':
        return { request: ask(model, questions.hello, { stream: true }), shows: isEventStream }
      case 'tools':
        return {
          request: ask(model, questions.tool, {
            tools: [{ name: toolName, description: toolDescription, input_schema: toolParameters }],
            tool_choice: { type: 'tool', name: toolName },
          }),
          shows: (_answer, row) => row.rows('content').some((part) => part.text('type') === 'tool_use'),
        }
      case 'json':
        return null
      case 'vision':
        return {
          request: ask(model, [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture() } },
            { type: 'text', text: questions.picture },
          ]),
          shows: () => true,
        }
    }
  },
}
