import { parentPort, workerData } from 'node:worker_threads'
import { Template } from '@huggingface/jinja'
import { messageOf } from '../../kernel/index.ts'
import type { TemplateReply, TemplateRequest } from './render-template.ts'

// The template comes from the model file. It runs here so that an endless or greedy one costs a thread, not the engine.
const { source, maxChars } = workerData as { source: string; maxChars: number }
let template: Template | undefined

function reply(request: TemplateRequest): TemplateReply {
  try {
    template ??= new Template(source)
    const text = template.render(request.variables)
    if (text.length > maxChars) return { id: request.id, error: `The prompt is longer than ${maxChars} characters.` }
    return { id: request.id, text }
  } catch (error) {
    return { id: request.id, error: messageOf(error).slice(0, 500) }
  }
}

parentPort?.on('message', (request: TemplateRequest) => parentPort?.postMessage(reply(request)))
