import type { Vendor } from '../vendor.ts'
import { type Dialect, post, questions, toolDescription, toolName, toolParameters, trialTokens } from './dialect.ts'
import { picture } from './picture.ts'

const at = (vendor: Vendor, model: string, verb: string): string =>
  `${vendor.paths?.['runtime'] ?? ''}/model/${encodeURIComponent(model)}/${verb}`

const ask = (vendor: Vendor, model: string, content: readonly object[], more: object = {}, verb = 'converse') =>
  post(at(vendor, model, verb), {
    messages: [{ role: 'user', content }],
    inferenceConfig: { maxTokens: trialTokens },
    ...more,
  })

/** Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrockDialect: Dialect = {
  kind: 'bedrock',
  smallest: (vendor, model, task) =>
    task === 'chat' ? ask(vendor, model, [{ text: questions.hello }], { inferenceConfig: { maxTokens: 1 } }) : null,
  trial: (vendor, model, capability) => {
    switch (capability) {
      case 'streaming':
        return {
          request: ask(vendor, model, [{ text: questions.hello }], {}, 'converse-stream'),
          shows: ({ headers }) =>
            String(headers['content-type'] ?? '').startsWith('application/vnd.amazon.eventstream'),
        }
      case 'tools':
        return {
          request: ask(vendor, model, [{ text: questions.tool }], {
            toolConfig: {
              tools: [
                { toolSpec: { name: toolName, description: toolDescription, inputSchema: { json: toolParameters } } },
              ],
              toolChoice: { any: {} },
            },
          }),
          shows: (_answer, row) =>
            row.rows('output.message.content').some((part) => part.text('toolUse.name') !== undefined),
        }
      case 'json':
        return null
      case 'vision':
        return {
          request: ask(vendor, model, [
            { image: { format: 'png', source: { bytes: picture() } } },
            { text: questions.picture },
          ]),
          shows: () => true,
        }
    }
  },
}
