import { registry } from '../../../../kernel/index.ts'
import { anthropicDialect } from './anthropic.ts'
import { bedrockDialect } from './bedrock.ts'
import { cohereDialect } from './cohere.ts'
import { geminiDialect } from './gemini.ts'
import { openaiDialect } from './openai.ts'

/** The families of interfaces that providers speak. */
export const dialects = registry('dialect', [
  openaiDialect,
  anthropicDialect,
  geminiDialect,
  bedrockDialect,
  cohereDialect,
])
