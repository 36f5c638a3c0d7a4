import type { Trait } from './marker.ts'
import { asCount, asObject, type JsonObject } from './values.ts'

/**
 * What a class of transformers is for, by its name; the first that fits counts. Source: transformers, models/auto/modeling_auto.py.
 * A name in none of the lists proves nothing.
 */
const byName: readonly (readonly [RegExp, Trait])[] = [
  [
    /^(Whisper|Moonshine|SpeechT5ForSpeechToText|Speech2Text|SpeechEncoderDecoder|ParakeetFor|Qwen3ASR)|ForCTC$|ForSpeechSeq2Seq$/,
    'speech-to-text',
  ],
  [
    /TextToSpeech$|TextToWaveform$|TextToSpectrogram$|^(Vits|Bark|ParlerTTS|Csm|FastSpeech2Conformer|Dia)[A-Z]/,
    'text-to-speech',
  ],
  [/^Musicgen|AudioGen/, 'audio-generation'],
  [/ForAudioClassification$|ForAudioFrameClassification$/, 'audio-classifier'],
  [/ForImageClassification$|ForZeroShotImageClassification$/, 'image-classifier'],
  [/ForObjectDetection$|ForSegmentation$|ForImageSegmentation$|Segmentation$/, 'object-detection'],
  [/ForTokenClassification$/, 'token-classifier'],
  [/ForQuestionAnswering$/, 'question-answering'],
  [/ForMaskedLM$|ForPreTraining$/, 'fill-mask'],
  [/ForCausalLM$|LMHeadModel$|ForCausalLMWithValueHead$/, 'causal-lm'],
  [/^(CLIP|Siglip|Siglip2|ViT|DINOv?2?|Dinov2|Dinov3|Beit|Swin)\w*Model$/i, 'image-features'],
  [/^(Wav2Vec2|Hubert|WavLM|Clap|AST|Data2VecAudio)\w*Model$/, 'audio-features'],
  [
    /^(Bert|Roberta|XLMRoberta|DistilBert|MPNet|Deberta|DebertaV2|Electra|Albert|ModernBert|NomicBert)\w*Model$/,
    'text-features',
  ],
]

/** What the class of a config.json is for; undefined when its name does not say. */
export function traitOfArchitecture(name: string | undefined, config: JsonObject): Trait | undefined {
  if (name === undefined) return undefined
  if (name.endsWith('ForSequenceClassification')) return labelCount(config) === 1 ? 'reranker' : 'classifier'
  const known = byName.find(([pattern]) => pattern.test(name))?.[1]
  if (known !== undefined) return known
  if (!/ForConditionalGeneration$|ForSeq2SeqLM$/.test(name)) return undefined
  // The same ending stands for encoder-decoders of text and for language models that also see or hear.
  const decoderOnly = ['vision_config', 'audio_config', 'thinker_config'].some(
    (key) => asObject(config[key]) !== undefined,
  )
  return decoderOnly && config['is_encoder_decoder'] !== true ? 'causal-lm' : 'seq2seq'
}

/** Labels of a classifier. Transformers leaves them out of a config when there are two. Source: configuration_utils.py, `num_labels`. */
export function labelCount(config: JsonObject): number {
  const named = asObject(config['id2label'])
  return named === undefined ? (asCount(config['num_labels'], 1e6) ?? 2) : Object.keys(named).length
}
