import { escapeText } from '../evidence.ts'
import { baseName, leavesFolder } from '../path.ts'
import { noteTarget } from '../targets/note.ts'
import { analyzeTemplate } from '../template/analyze.ts'
import type { TemplateFacts } from '../template/types.ts'
import { codeIn, isInsideName } from '../text/code-like.ts'
import type { Observation } from '../types.ts'
import { noteObject } from './note-object.ts'
import type { JsonTokens } from './tokens.ts'

/** What is remembered of an object until it ends: those of its scalar members that mean something together. */
export type Members = Map<string, string | true>

/**
 * Looks at every member of a document while it is read, however deep, because loaders look into nested configs too. Nothing is kept
 * but the names of the members on the way down and a few scalars of the objects around.
 */
export type JsonWatch = {
  enter: (key: string, offset: number) => void
  leave: () => void
  /** The current token is a scalar below the names entered. */
  scalar: (tokens: JsonTokens) => void
  objectBegins: () => void
  objectEnds: (offset: number) => void
  /** Pairs of texts under top-level names, which is how pipelines name their components. */
  pairs: ReadonlyMap<string, readonly string[]>
  /** The file's references to code, as written. */
  codeReferences: readonly string[]
}

/** Members that name a file or repository which loaders open. Output folders of training runs are not among them. */
const pathKeys =
  /^(base_model_name_or_path|_name_or_path|pretrained_model_name_or_path|model_name_or_path|tokenizer_name_or_path|(vocab|tokenizer|merges|spm|model|weights|config|bpe|tokenizer_config|special_tokens_map|prompt|index|adapter|processor)_(file|path))$/
/** Members that several names in one object say together. */
const remembered =
  /^(target|params|class_path|init_args|type|path|idx|name|__loader__|__class__|__module__|parent_library|base_model_class|handler|archiverVersion|runtime|func|attrs|attr)$/
const proseKeys =
  /^(content|text|prompt|instruction|input|output|completion|response|description|source|code|example|examples|messages|title|question|answer|value|title|notes|summary|label)$/i
/** @param path of the file, for what its name promises */
export function createJsonWatch(
  path: string,
  observe: (observation: Observation) => void,
  templates: TemplateFacts[],
): JsonWatch {
  const names: string[] = []
  const objects: Members[] = []
  const pairs = new Map<string, string[]>()
  const references: string[] = []
  const prose = /\.(ipynb|jsonl)$/i.test(path)

  const has = (name: string): boolean => names.includes(name)

  function reference(text: string, offset: number, member: string): void {
    if (references.length < 64 && !references.includes(text)) references.push(text.slice(0, 256))
    const remote = text.includes('--') || leavesFolder(text) !== undefined
    observe({
      code: remote ? 'json.code-remote' : 'json.code-local',
      offset,
      member,
      evidence: text,
      detail: escapeText(text, 120),
    })
  }

  function string(text: string, offset: number, bytes: number): void {
    const key = names.at(-1) ?? ''
    const member = names.join('.').slice(0, 200)
    if (names.length === 1 && key !== '') {
      const pair = pairs.get(key)
      if (pair !== undefined && pair.length < 3) pair.push(text.slice(0, 128))
    }
    if (has('auto_map') || (key === 'impl' && has('custom_pipelines'))) reference(text, offset, member)
    else if (
      key === '_target_' ||
      key === 'py/function' ||
      key === 'py/type' ||
      key === 'py/object' ||
      has('py/reduce')
    ) {
      noteTarget(text, { offset, member }, observe)
    } else if (/^_?(attn|experts)_implementation/.test(key) && text.includes('/'))
      observe({ code: 'json.kernel-remote', offset, member, evidence: text, detail: escapeText(text, 120) })
    else if (key === 'custom_generate' && text !== '')
      reference(text.includes('/') ? `${text}--generate` : text, offset, member)
    else if (
      /^(io_processor_plugin|tool_parser_plugin|reasoning_parser_plugin|logits_processors|worker_cls|worker_extension_cls)$/.test(
        key,
      )
    )
      observe({ code: 'json.plugin', offset, member, evidence: text, detail: `${key}: ${escapeText(text, 100)}` })
    else if (
      pathKeys.test(key) ||
      (key === 'paths' && has('weightsManifest')) ||
      (key === 'path' && has('itemInfoEntries'))
    )
      notePath(key, text, offset, member)
    else if (names.some((name) => name.includes('chat_template')) && key !== 'name') {
      const found = analyzeTemplate({ key: member, text, offset: offset + 1, bytes }, observe)
      if (templates.length < 32) templates.push(found)
    } else if (!prose && !names.some((name) => proseKeys.test(name))) {
      const code = codeIn(text)
      if (code !== undefined) observe({ code: 'json.code-text', offset, member, evidence: code })
    }
    if (has('scripts') && /^(pre|post)?install$|^prepare$/.test(key) && baseName(path).toLowerCase() === 'package.json')
      observe({ code: 'json.install-script', offset, member, evidence: text })
    const around = objects.at(-1)
    if (around !== undefined && remembered.test(key) && around.size < 32) around.set(key, text.slice(0, 512))
  }

  function notePath(key: string, text: string, offset: number, member: string): void {
    const leaves = leavesFolder(text)
    if (leaves === undefined) return
    const base = key === 'base_model_name_or_path'
    const listed = key === 'paths' || key === 'path'
    if (leaves === 'absolute' && !base && !listed) return
    // Where a model was saved from; nothing reads it any more.
    const old = key === '_name_or_path' && leaves === 'traversal'
    const code =
      (leaves === 'absolute' && !listed) || old
        ? 'json.path-absolute'
        : leaves === 'url'
          ? 'json.path-url'
          : 'json.path-traversal'
    observe({ code, offset, member, evidence: text })
  }

  return {
    pairs,
    codeReferences: references,
    enter: (key, offset) => {
      names.push(key.slice(0, 128))
      if (isInsideName(key))
        observe({ code: 'json.code-text', offset, member: names.join('.').slice(0, 200), evidence: key })
      if (names.length === 1 && pairs.size < 64) pairs.set(key.slice(0, 128), [])
      const around = objects.at(-1)
      // That there is an object of arguments matters, not what is in it.
      if (around !== undefined && /^(params|init_args)$/.test(key)) around.set(key, true)
    },
    leave: () => void names.pop(),
    scalar: (tokens) => {
      if (tokens.type === 'string') string(tokens.text, tokens.offset, tokens.bytes)
      else if (tokens.type === 'true' && /^(trust|allow)_remote_code$/.test(names.at(-1) ?? ''))
        observe({ code: 'json.trust-remote-code', offset: tokens.offset, member: names.join('.').slice(0, 200) })
    },
    objectBegins: () => void objects.push(new Map()),
    objectEnds: (offset) => {
      const members = objects.pop()
      if (members !== undefined && members.size > 0)
        noteObject(members, { offset, member: names.join('.').slice(0, 200), path }, { observe, reference })
    },
  }
}

/** The components of a pipeline: pairs of library and class under the names of its folders. Source: diffusers, pipeline_loading_utils.py. */
export function notePipeline(
  watch: JsonWatch,
  keys: readonly string[],
  offset: number,
  observe: (observation: Observation) => void,
): string[] {
  const references: string[] = []
  if (!keys.includes('_class_name') && !keys.includes('_diffusers_version')) return references
  for (const [name, [library = '', component = '', third]] of watch.pairs) {
    if (component === '' || third !== undefined) continue
    const text = `${library}.${component}`
    const seen = { offset, member: name, evidence: text, detail: escapeText(text, 120) }
    if (name === '_class_name') {
      observe({ code: 'json.code-local', ...seen })
      references.push(text)
    } else if (
      !name.startsWith('_') &&
      /^[a-z_][\w.]*$/.test(library) &&
      /^[A-Z]/.test(component) &&
      !pipelineLibraries.test(library)
    ) {
      observe({ code: 'json.component', ...seen })
      // A file of that name in the component's folder goes before a library.
      references.push(`${name}/${text}`)
    }
  }
  return references
}

/** Libraries of components, and modules of diffusers.pipelines that hold components of their own. */
const pipelineLibraries =
  /^(diffusers|transformers|onnxruntime|optimum\.[a-z.]+|stable_diffusion(_xl|_3|_safe)?|latent_diffusion|paint_by_example|deepfloyd_if|kandinsky\d?(_\d)?|unidiffuser|wuerstchen|stable_cascade|shap_e|unclip|versatile_diffusion|audioldm2?|musicldm|spectrogram_diffusion|pixart_alpha|flux|hunyuan_\w{1,20}|semantic_stable_diffusion|alt_diffusion|stable_diffusion_gligen|t2i_adapter|controlnet|cogvideo|wan|ltx|lumina\d?|mochi|sana)$/
