import { registry } from '../../../../kernel/index.ts'
import type { Vendor } from '../vendor.ts'
import { anthropic } from './anthropic.ts'
import { azure } from './azure.ts'
import { bearer } from './bearer.ts'
import { bedrock } from './bedrock.ts'
import { cohere } from './cohere.ts'
import { deepseek } from './deepseek.ts'
import { fireworks } from './fireworks.ts'
import { gemini } from './gemini.ts'
import { groq } from './groq.ts'
import { huggingface } from './huggingface.ts'
import { huggingfaceRouter } from './huggingface-router.ts'
import { mistral } from './mistral.ts'
import { nvidia } from './nvidia.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openaiCompatible } from './openai-compatible.ts'
import { openrouter } from './openrouter.ts'
import { together } from './together.ts'
import { vertex } from './vertex.ts'
import { vllm } from './vllm.ts'
import { xai } from './xai.ts'

/** Every provider; one line each. */
export const vendors = registry<Vendor>('provider', [
  openai,
  anthropic,
  gemini,
  vertex,
  bedrock,
  azure,
  mistral,
  cohere,
  groq,
  together,
  fireworks,
  deepseek,
  xai,
  openrouter,
  nvidia,
  huggingfaceRouter,
  ollama,
  vllm,
  openaiCompatible,
  huggingface,
  bearer,
])
