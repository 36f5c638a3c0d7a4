import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { noteTarget } from '../targets/note.ts'
import { analyzeTemplate } from '../template/analyze.ts'
import { noteHiddenTemplate } from '../template/note-hidden.ts'
import { callIn } from '../text/code-like.ts'
import { sweepText } from '../text/sweep.ts'
import type { FormatHeader } from '../types.ts'
import { NotYaml, tokenizeYaml, type YamlToken } from './tokens.ts'

/** What a YAML document names. */
export type YamlHeader = FormatHeader & {
  kind: 'yaml'
  /** Names that loaders import and call, as written; the first 200. */
  targets: string[]
  /** Tags other than those of the YAML standard; the first 100. */
  tags: string[]
}

/** Configs stay far below. */
const maxSize = 4 * 1024 * 1024
/** Values that aliases may stand for in all before a reader is out of memory. */
const maxExpanded = 1_000_000

/** Reads YAML in full for what makes a loader construct objects. Declines text that is none, unless the name promises it. */
export function inspectYaml(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, path, observe, cover } = context
  const end = offset + length
  const named = /\.ya?ml$|(^|\/)mlmodel$/i.test(path)
  const header: YamlHeader = { kind: 'yaml', targets: [], tags: [] }
  if (length > maxSize) {
    if (!named) return undefined
    observe({ code: 'scan.limit', offset, detail: `${length} bytes of YAML, at most ${maxSize} are read` })
    return { header, end }
  }
  if (!sweepText(context, (text, from) => noteHiddenTemplate(text, from, observe))) return undefined
  const text = new TextDecoder().decode(reader.read(offset, length))
  try {
    const tokens = tokenizeYaml(text)
    noteTags(tokens, header, context)
    noteMembers(tokens, header, context)
    noteCode(tokens, context)
    noteBomb(tokens, context)
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error
    const code = error.reason === 'depth' ? 'yaml.depth' : error.reason === 'size' ? 'scan.limit' : 'yaml.syntax'
    observe({ code, offset: offset + error.at, detail: error.message })
    noteCoarsely(text, context)
    return { header, end }
  }
  cover(offset, length, 'parsed')
  return { header, end }
}

const standardTag =
  /^(!(str|int|float|bool|null|map|seq|set|omap|pairs|timestamp|binary|merge|value)?|<tag:yaml\.org,2002:(str|int|float|bool|null|map|seq|set|omap|pairs|timestamp|binary)>|)$/
/** HyperPyYAML: `!new:` constructs, `!apply:` calls, `!name:` and `!module:` import. Source: its core.py. */
const importing = /^(new|apply|name|module|class|obj|object|python|call|func|function|import)[:/](.+)$/i

/** Tags are given without their first exclamation mark. */
function noteTags(tokens: readonly YamlToken[], header: YamlHeader, { offset, observe }: InspectContext): void {
  const directives = tokens
    .filter((token) => token.kind === 'tag' && token.text.startsWith('%TAG'))
    .map((token) => ('text' in token ? token.text : ''))
  for (const token of tokens) {
    if (token.kind !== 'tag' || token.text.startsWith('%')) continue
    const full = resolved(token.text, directives)
    if (standardTag.test(full)) continue
    if (header.tags.length < 100) header.tags.push(escapeText(full, 120))
    const seen = { offset: offset + token.at, evidence: `!${full}`, detail: escapeText(full, 120) }
    const python = /(?:^|[!:<,/])python\/(object|name|module|apply|new)[^>]*/.exec(full)
    if (python !== null) {
      const builtin =
        /python\/(?:object(?:\/(?:apply|new))?|name):(?:builtins\.|collections\.OrderedDict|__builtin__\.)?(dict|list|tuple|set|frozenset|str|int|float|bool|complex|bytes|collections\.OrderedDict|pathlib\.\w+)>?$/.test(
          full,
        )
      observe({ code: builtin ? 'yaml.python-value' : 'yaml.python-object', ...seen })
    } else if (/python\//.test(full)) observe({ code: 'yaml.python-value', ...seen })
    else {
      const match = importing.exec(full)
      if (match?.[2] !== undefined) {
        if (header.targets.length < 200) header.targets.push(escapeText(match[2], 120))
        noteTarget(match[2], { offset: offset + token.at, member: match[1] ?? '' }, observe)
      } else if (/^(ruby|java|net|perl|js|php)[/:]|^!?ruby\//i.test(full) || full.includes('js/function'))
        observe({ code: 'yaml.foreign-object', ...seen })
    }
  }
}

/** A directive gives a handle another beginning: with `%TAG !p! tag:yaml.org,2002:python/`, `!p!name:os.system` is a Python name. */
function resolved(tag: string, directives: readonly string[]): string {
  for (const directive of directives) {
    const [, handle = '', prefix = ''] = directive.split(/\s+/)
    if (handle !== '' && `!${tag}`.startsWith(handle) && handle !== '!!') return prefix + `!${tag}`.slice(handle.length)
    if (handle === '!!' && tag.startsWith('!')) return prefix + tag.slice(1)
  }
  return decodePercent(tag)
}

function decodePercent(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Keys with the values beside them. */
function noteMembers(tokens: readonly YamlToken[], header: YamlHeader, context: InspectContext): void {
  const { offset, observe, path } = context
  const anchors = anchored(tokens)
  const keys = new Set<string>()
  for (const token of tokens) if (token.kind === 'scalar') keys.add(token.text)
  for (let i = 1; i < tokens.length; i++) {
    if (tokens[i]?.kind !== 'key') continue
    const key = scalarText(tokens[i - 1], anchors)
    if (key === undefined) continue
    const value = valueAfter(tokens, i, anchors)
    if (value === undefined) continue
    const where = { offset: offset + value.at, member: key.slice(0, 120) }
    const isTarget =
      key === '_target_' ||
      (key === 'target' && keys.has('params') && value.text.includes('.')) ||
      (key === 'class_path' && value.text.includes('.')) ||
      /^(py\/object|py\/function|py\/type|_callable_|__class__)$/.test(key) ||
      (key === 'loader_module' && !/^mlflow(\.\w+)*$/.test(value.text))
    if (isTarget) {
      if (header.targets.length < 200) header.targets.push(escapeText(value.text, 120))
      noteTarget(value.text, where, observe)
    } else if (/^(trust|allow)_remote_code$/.test(key) && /^(true|yes|on)$/i.test(value.text))
      observe({ code: 'yaml.trust-remote-code', ...where })
    else if (/chat_template/.test(key))
      analyzeTemplate({ key, text: value.text, offset: where.offset, bytes: value.text.length }, observe)
    else if (
      /^(base_model_name_or_path|pretrained_model_name_or_path|model_path|vocab_path|tokenizer_model|restore_path|ckpt_path|restore_from_path)$/.test(
        key,
      ) &&
      leavesFolder(value.text) === 'traversal'
    )
      observe({ code: 'yaml.path-traversal', ...where, evidence: value.text })
    else if (/\$\{(eval|python|exec|import):/.test(value.text))
      observe({ code: 'yaml.resolver', ...where, evidence: value.text })
    else if (path !== '' && /^custom_imports$/.test(key))
      observe({ code: 'yaml.imports', ...where, evidence: value.text })
  }
}

type Scalar = { text: string; at: number }

function scalarText(token: YamlToken | undefined, anchors: ReadonlyMap<string, Scalar>): string | undefined {
  if (token?.kind === 'scalar') return token.text.trim()
  return token?.kind === 'alias' ? anchors.get(token.text)?.text.trim() : undefined
}

/** The scalar that a key is for, behind tags and anchors, aliases followed. */
function valueAfter(
  tokens: readonly YamlToken[],
  key: number,
  anchors: ReadonlyMap<string, Scalar>,
): Scalar | undefined {
  for (let i = key + 1; i < tokens.length && i < key + 6; i++) {
    const token = tokens[i]
    if (token?.kind === 'scalar')
      return tokens[i + 1]?.kind === 'key' && i === key + 1 && token.style !== 'block' && !sameLine(tokens[key], token)
        ? undefined
        : { text: token.text.trim(), at: token.at }
    if (token?.kind === 'alias') return anchors.get(token.text)
    if (token?.kind !== 'tag' && token?.kind !== 'anchor' && token?.kind !== 'item') return undefined
  }
  return undefined
}

/** A scalar that is a key of its own on a later line is no value. */
function sameLine(key: YamlToken | undefined, value: YamlToken): boolean {
  return key !== undefined && 'column' in key && 'column' in value && value.column > key.column
}

function anchored(tokens: readonly YamlToken[]): Map<string, Scalar> {
  const found = new Map<string, Scalar>()
  tokens.forEach((token, index) => {
    if (token.kind !== 'anchor') return
    const next = tokens[index + 1]
    const scalar = next?.kind === 'tag' ? tokens[index + 2] : next
    if (scalar?.kind === 'scalar') found.set(token.text, { text: scalar.text, at: scalar.at })
  })
  return found
}

/** Calls in values, where a program stands only when something evaluates it. Text in blocks is prose, or a script of its own. */
function noteCode(tokens: readonly YamlToken[], { offset, observe }: InspectContext): void {
  for (const token of tokens) {
    if (token.kind !== 'scalar' || token.style === 'block') continue
    const code = callIn(token.text)
    if (code !== undefined) observe({ code: 'yaml.code-text', offset: offset + token.at, evidence: code })
  }
}

/** Aliases of lists of aliases multiply. What stands between an anchor and the next counts as its value. */
function noteBomb(tokens: readonly YamlToken[], { offset, observe }: InspectContext): void {
  const sizes = new Map<string, number>()
  let current: string | undefined
  let aliases = 0
  for (const token of tokens) {
    if (token.kind === 'anchor') {
      current = token.text
      sizes.set(current, 1)
    } else if (token.kind === 'scalar' || token.kind === 'alias') {
      const size = token.kind === 'scalar' ? 1 : (sizes.get(token.text) ?? 1)
      if (token.kind === 'alias') aliases += size
      if (current !== undefined) sizes.set(current, (sizes.get(current) ?? 0) + size)
      if (aliases > maxExpanded) {
        observe({
          code: 'yaml.bomb',
          offset: offset + token.at,
          detail: `aliases that stand for more than ${maxExpanded} values`,
        })
        return
      }
    }
  }
}

/** What stands in text that could not be followed: a lenient reader may. */
function noteCoarsely(text: string, { offset, observe }: InspectContext): void {
  const tag = /!(?:!|<tag:yaml\.org,2002:)python\/(?:object|name|module)[^\s]{0,200}/.exec(text)
  if (tag !== null) observe({ code: 'yaml.python-object', offset: offset + tag.index, evidence: tag[0] })
  const target = /["']?_target_["']?\s{0,8}:\s{0,8}["']?([\w.]{1,200})/.exec(text)
  if (target?.[1] !== undefined) noteTarget(target[1], { offset: offset + target.index, member: '_target_' }, observe)
}
