import { registry } from '../../../../../kernel/index.ts'
import { adapter } from './adapter.ts'
import { card } from './card.ts'
import { chatTemplate } from './chat-template.ts'
import { config } from './config.ts'
import { diffusers } from './diffusers.ts'
import { encoders } from './encoders.ts'
import { generationConfig } from './generation-config.ts'
import { gguf } from './gguf.ts'
import { labels } from './labels.ts'
import { mlmodel } from './mlmodel.ts'
import { onnx } from './onnx.ts'
import { pickle } from './pickle.ts'
import { processors } from './processors.ts'
import { quantization } from './quantization.ts'
import { safetensors } from './safetensors.ts'
import { sentenceTransformers } from './sentence-transformers.ts'
import { shardIndex } from './shard-index.ts'
import { tensorflow } from './tensorflow.ts'
import { tokenizer } from './tokenizer.ts'

/** In the order of trust: of two that state the same fact, the first counts. Heads of weights, then configurations, then the card. */
export const markers = registry('marker', [
  gguf,
  safetensors,
  shardIndex,
  adapter,
  diffusers,
  sentenceTransformers,
  config,
  quantization,
  encoders,
  labels,
  tokenizer,
  chatTemplate,
  processors,
  generationConfig,
  onnx,
  mlmodel,
  tensorflow,
  pickle,
  card,
])
