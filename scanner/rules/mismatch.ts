import { formats } from '../formats/index.ts'
import { baseName } from '../path.ts'
import type { FileFacts } from '../types.ts'
import { defineRule, type Rule, type RuleContext } from './define-rule.ts'

/** Formats that may stand in for one another under a text-like name. */
const textLike: ReadonlySet<string> = new Set([
  'text',
  'json',
  'jinja',
  'yaml',
  'xml',
  'python',
  'source',
  'script',
  'empty',
])

/** Formats that hold nothing but weights: what is named so and is something else is no model. */
const weights: ReadonlySet<string> = new Set(['gguf', 'safetensors'])

/** Names under which loaders look for weights of formats that share them. */
const weightNames =
  /\.(pt|pth|ckpt|h5|hdf5|keras|onnx|tflite|np[yz]|joblib|pkl|pickle)$|^(pytorch_model|adapter_model|diffusion_pytorch_model|tf_model|flax_model|model)[^/]*\.(bin|msgpack)$/
/** What no loader takes for weights. */
const noWeights: ReadonlySet<string> = new Set([
  ...textLike,
  'lfs-pointer',
  'png',
  'jpeg',
  'gif',
  'riff',
  'ogg',
  'flac',
  'mp3',
  'pdf',
])

type Broken = { promised: string; kind: 'runs' | 'no weights' | 'other' }

/** What the name promises against what the content is. */
function broken(facts: FileFacts, context: RuleContext): Broken | undefined {
  const name = baseName(context.path).toLowerCase()
  if (weightNames.test(name) && noWeights.has(facts.format)) return { promised: 'weights', kind: 'no weights' }
  const promised = formats.all.find(
    (format) => format.extensions?.some((extension) => name.endsWith(extension)) === true,
  )
  if (promised === undefined || promised.kind === facts.format) return undefined
  if (facts.format === 'empty' && !weights.has(promised.kind)) return undefined
  if (textLike.has(promised.kind) && textLike.has(facts.format)) return undefined
  // A broken file of the promised kind is reported by SCAN-UNINSPECTED, not as a disguise.
  if (facts.format === 'unknown') return undefined
  const runs = promised.canRun !== true && formats.find(facts.format)?.canRun === true
  return { promised: promised.title, kind: runs ? 'runs' : weights.has(promised.kind) ? 'no weights' : 'other' }
}

/** Findings of one kind of broken promise. */
const onlyOf = (kind: Broken['kind']) => (facts: FileFacts, context: RuleContext) => {
  const found = broken(facts, context)
  return found?.kind === kind ? [{ offset: 0, detail: `named as ${found.promised}, is ${facts.title}` }] : []
}

export const mismatchRules: readonly Rule[] = [
  defineRule({
    id: 'MISMATCH-RUN-001',
    title: 'The name promises data but the content can run code',
    severity: 'high',
    cwe: 'CWE-434',
    explanation: 'Loaders often go by content: a pickle named like safe weights still runs its code.',
    remedy: 'Do not load the file. Ask the publisher why it has this name.',
    check: onlyOf('runs'),
  }),
  defineRule({
    id: 'MISMATCH-WEIGHTS-001',
    title: 'The file is named as weights but holds none',
    severity: 'high',
    cwe: 'CWE-436',
    explanation:
      'No engine can load it. Often it is the error page of a download, a pointer to the real file, or an empty file.',
    remedy: 'Download or export the weights again, or take the file out of the folder.',
    check: onlyOf('no weights'),
  }),
  defineRule({
    id: 'MISMATCH-DATA-001',
    title: 'The content is not what the name promises',
    severity: 'low',
    cwe: 'CWE-436',
    explanation: 'Tools that go by the name and tools that go by the content treat this file differently.',
    remedy: 'Rename the file to what it is.',
    check: onlyOf('other'),
  }),
]
