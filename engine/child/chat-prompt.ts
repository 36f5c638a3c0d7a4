import { randomBytes } from 'node:crypto'
import type { LlamaModel, Token } from 'node-llama-cpp'
import { badRequest } from './failure.ts'
import { isRecord } from './fields.ts'
import { createTemplateRenderer } from './render-template.ts'

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

/** Rendering usually takes well under a millisecond. */
const templateTimeoutMs = 3_000

/** Prompt tokens of a chat. Rejects with RequestFailure 400 when the template refuses the messages. */
export type ChatPrompt = (messages: readonly ChatMessage[]) => Promise<Token[]>

/** The chat prompt of a model: its own template, or the messages joined by line breaks when it has none. */
export function createChatPrompt(model: LlamaModel): ChatPrompt {
  const source = model.fileInfo.metadata.tokenizer.chat_template
  const render = typeof source === 'string' ? createTemplateRenderer(source, templateTimeoutMs) : undefined
  let controlTexts: string[] | undefined

  return async (messages) => {
    controlTexts ??= controlTextsOf(model)
    const hidden = hideControlTexts(messages, controlTexts)
    const text =
      render === undefined
        ? hidden.messages.map((message) => message.content).join('\n')
        : await render({
            messages: hidden.messages,
            add_generation_prompt: true,
            bos_token: model.tokens.bosString ?? '',
            eos_token: model.tokens.eosString ?? '',
          })
    return withBos(model, tokenizeParts(model, text, hidden))
  }
}

/** Prompt tokens of a plain completion: special tokens are not recognized in it. */
export function completionPrompt(model: LlamaModel, prompt: string): Token[] {
  return withBos(model, model.tokenize(prompt, false))
}

/** Messages of a chat request as plain texts. Throws RequestFailure 400. */
export function parseMessages(value: unknown): ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) throw badRequest('"messages" must be a non-empty list.', 'messages')
  if (value.length > 4096) throw badRequest('"messages" has more than 4096 entries.', 'messages')
  return value.map((message: unknown, index) => {
    const at = `messages[${index}]`
    if (!isRecord(message)) throw badRequest(`"${at}" must be an object.`, at)
    return { role: roleOf(message['role'], at), content: contentOf(message['content'], at) }
  })
}

function roleOf(role: unknown, at: string): ChatMessage['role'] {
  if (role === 'developer') return 'system'
  if (role === 'system' || role === 'user' || role === 'assistant') return role
  throw badRequest('This engine knows the roles system, developer, user and assistant.', `${at}.role`)
}

function contentOf(content: unknown, at: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw badRequest('Message content must be text.', `${at}.content`)
  const parts = content.map((part: unknown) => {
    if (isRecord(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text']
    throw badRequest('This engine reads text parts only.', `${at}.content`, 'unsupported_parameter')
  })
  return parts.join('\n')
}

type Hidden = { messages: ChatMessage[]; literals: string[]; marker: RegExp }

/**
 * Takes control-token texts such as `</s>` out of what people wrote and leaves numbered marks, so that they can be put
 * back as plain text after rendering: only the template may produce control tokens. All other text goes through untouched.
 */
function hideControlTexts(messages: readonly ChatMessage[], controlTexts: readonly string[]): Hidden {
  const nonce = randomBytes(6).toString('hex')
  const literals: string[] = []
  const hide = (text: string): string => {
    const found = controlTexts.filter((control) => text.includes(control))
    if (found.length === 0) return text
    return text.replace(new RegExp(found.map(escapeRegExp).join('|'), 'g'), (literal) => {
      literals.push(literal)
      return `\uE000${nonce}.${literals.length - 1}\uE001`
    })
  }
  return {
    messages: messages.map((message) => ({ role: message.role, content: hide(message.content) })),
    literals,
    marker: new RegExp(`\uE000${nonce}\\.(\\d+)\uE001`),
  }
}

function tokenizeParts(model: LlamaModel, text: string, hidden: Hidden): Token[] {
  // Splitting by a pattern with one group gives text, number, text, number, …, text.
  const parts = hidden.literals.length === 0 ? [text] : text.split(hidden.marker)
  return parts.flatMap((part, index) => {
    const trim = index === 0 ? undefined : 'trimLeadingSpace'
    if (index % 2 === 0) return model.tokenize(part, true, trim)
    return model.tokenize(hidden.literals[Number(part)] ?? '', false, trim)
  })
}

function withBos(model: LlamaModel, tokens: Token[]): Token[] {
  const { bos, eos } = model.tokens
  if (bos !== null && model.tokens.shouldPrependBosToken && tokens[0] !== bos) return [bos, ...tokens]
  const start = bos ?? eos
  return tokens.length === 0 && start !== null ? [start] : tokens
}

/** Texts of all control tokens, longest first, so that the longest match wins. */
function controlTextsOf(model: LlamaModel): string[] {
  const texts = new Set<string>()
  for (const token of model.iterateAllTokens()) {
    if (!model.getTokenAttributes(token).control && !model.isEogToken(token)) continue
    const text = model.detokenize([token], true)
    if (text.length > 1) texts.add(text)
  }
  return [...texts].sort((a, b) => b.length - a.length)
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
