import { integerOption, numberOption } from '../arguments.ts'
import { type ChatMessage, createChat, type SendMessage } from '../chat/create-chat.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { wrongUse } from '../usage-error.ts'

export const chat = defineCommand({
  name: 'chat',
  summary: 'Talk to a published model through the gateway',
  args: ['<model>', '[message]'],
  options: {
    system: { type: 'string', value: 'TEXT', description: 'System message' },
    temperature: { type: 'string', value: 'T', description: 'Sampling temperature, 0 to 2' },
    'max-tokens': { type: 'string', value: 'N', description: 'Longest answer in tokens' },
    seed: { type: 'string', value: 'N', description: 'Seed of the sampler' },
    'no-stream': { type: 'boolean', description: 'Print the answer when it is complete' },
  },
  notes: ['Without a message: a conversation on a terminal (end it with Ctrl-D), or the message from standard input.'],
  routes: ['createSessionKey', 'getVersionInfo'],
  run: async (ctx, { values, positionals }) => {
    const temperature = numberOption(values.temperature, 'temperature', 0, 2)
    const maxTokens = integerOption(values['max-tokens'], 'max-tokens', 1, 1_000_000)
    const seed = integerOption(values.seed, 'seed', 0, 2_147_483_647)
    const talk = positionals[1] === undefined && ctx.terminal.input
    if (talk && ctx.flags.json) throw wrongUse('A conversation has no JSON output.', 'Give the message as an argument.')
    const send = await createChat(ctx, await ctx.hub(), {
      model: positionals[0] ?? '',
      stream: values['no-stream'] !== true && !ctx.flags.json,
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(seed === undefined ? {} : { seed }),
    })
    const messages: ChatMessage[] = values.system === undefined ? [] : [{ role: 'system', content: values.system }]
    if (talk) return converse(ctx, send, messages)
    const content = positionals[1] ?? (await ctx.readInput()).trim()
    if (content === '') throw wrongUse('There is no message.', 'Give it as an argument or on standard input.')
    await send([...messages, { role: 'user', content }], ctx.signal())
    return exitCodes.ok
  },
})

async function converse(ctx: Context, send: SendMessage, messages: ChatMessage[]): Promise<number> {
  for (;;) {
    const content = await ctx.ask('> ')
    if (content === undefined) return exitCodes.ok
    if (content.trim() === '') continue
    messages.push({ role: 'user', content })
    const answer = await send(messages, ctx.signal())
    messages.push({ role: 'assistant', content: answer })
  }
}
