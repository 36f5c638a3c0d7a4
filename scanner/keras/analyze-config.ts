import { Buffer } from 'node:buffer'
import { escapeText } from '../evidence.ts'
import { createJsonTokens, JsonBroken, type JsonTokens } from '../json/tokens.ts'
import { maxDepth, readItems, readMembers, scalarOf } from '../json/values.ts'
import { leavesFolder } from '../path.ts'
import type { Reader } from '../reader.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import type { Observation } from '../types.ts'
import { dangerousTensorflow } from './dangerous.ts'
import { gradeKeras, type KerasGrade, type Named } from './grade.ts'

export type KerasSource = {
  reader: Reader
  /** Where the JSON text begins. */
  offset: number
  /** Bytes. */
  length: number
  /** Name of what holds it, such as an attribute; '' when it is the file. */
  member: string
  /** False where offsets are not those of the file. */
  placed?: boolean
  /** True when the whole is known to be Keras's; else paths and code count only within what is rebuilt as a class. */
  certain?: boolean
}

const maxLength = 64 * 1024 * 1024
const maxPending = 1000

/** What is remembered of an object: its texts by key. A key that comes twice is remembered twice, since readers differ. */
type Members = Map<string, string[]>

/** Class names that stand for a function; its name is in `config`. */
const functionKinds: ReadonlySet<string> = new Set([
  'function',
  'builtin_function_or_method',
  'method',
  'type',
  'class',
  'ufunc',
  'partial',
  'module',
])
const rememberedKeys =
  /^(class_name|module|registered_name|config|package|vocabulary|vocabulary_file|function|function_type|filepath|file_path|fname|origin|url|cache_dir|directory|path|handle|node_def|spec_name)$/
const fileKeys = ['filepath', 'file_path', 'fname', 'origin', 'url', 'cache_dir', 'directory', 'path', 'handle']
/** Texts of people. */
const proseKeys = /^(name|doc|description|title|summary|text|content)$/

/**
 * Looks at everything Keras would rebuild from a configuration: classes and functions by module and name anywhere in the tree, code that
 * is carried as text, files that layers open. Returns false when the text is not JSON to its end.
 */
export function analyzeKerasConfig(source: KerasSource, observe: (observation: Observation) => void): boolean {
  const { reader, offset, length } = source
  const pending: Observation[] = []
  const path: string[] = []

  function noticed(code: string, at: number, evidence: string, detail: string): Observation {
    const member = [source.member, path.join('.')].filter((part) => part !== '').join(' ')
    return {
      code,
      ...(source.placed === false ? {} : { offset: at }),
      ...(member === '' ? {} : { member: member.slice(0, 200) }),
      evidence: escapeText(evidence),
      detail: escapeText(detail, 280),
    }
  }
  /** For what means something only to Keras. */
  function suspect(code: string, at: number, evidence: string, detail: string): void {
    if (source.certain === true) observe(noticed(code, at, evidence, detail))
    else if (pending.length < maxPending) pending.push(noticed(code, at, evidence, detail))
  }

  if (length > maxLength) {
    observe({ code: 'scan.limit', offset, detail: `${length} bytes of a Keras configuration` })
    return false
  }
  const tokens = createJsonTokens(reader, offset, offset + length)

  function value(key: string, around: Members | undefined, depth: number): void {
    if (depth > maxDepth) throw new JsonBroken('depth', tokens.offset, `values nest deeper than ${maxDepth}`)
    if (tokens.type === '{') {
      const at = tokens.offset
      const mark = pending.length
      const members: Members = new Map()
      // That there is a configuration matters even where it is an object.
      if (key === 'config') remember(around, key, '')
      readMembers(tokens, (name) => {
        path.push(name.slice(0, 64))
        value(name, members, depth + 1)
        path.pop()
      })
      judgeObject(members, at, mark)
    } else if (tokens.type === '[') readItems(tokens, () => value(key, undefined, depth + 1))
    else if (tokens.type === 'string') string(key, around)
    else if (scalarOf(tokens) === null && key === 'config') remember(around, key, '')
  }

  function string(key: string, around: Members | undefined): void {
    const { text, offset: at } = tokens
    if (rememberedKeys.test(key)) remember(around, key, text)
    const carried = carriedCode(text)
    if (carried !== undefined) suspect(carried, at, text.slice(0, 80), `in "${key}"`)
    else if (!proseKeys.test(key)) {
      const code = looksLikeCode(text)
      if (code !== undefined) suspect('keras.code-text', at, code, `${code} in "${key}"`)
    }
  }

  function judgeObject(members: Members, at: number, mark: number): void {
    for (const key of ['vocabulary', 'vocabulary_file'])
      for (const file of members.get(key) ?? [])
        if (file !== '')
          suspect(
            leavesFolder(file) === undefined ? 'keras.vocabulary-file' : 'keras.file',
            at,
            file,
            `vocabulary from ${file}`,
          )
    for (const key of fileKeys)
      for (const file of members.get(key) ?? [])
        if (leavesFolder(file) !== undefined) suspect('keras.file', at, file, `${key} ${file}`)
    if (members.get('function_type')?.some((type) => /lambda/i.test(type)) === true)
      suspect('keras.lambda', at, 'lambda', 'a function stored as byte code')
    for (const call of members.get('function') ?? [])
      if (dangerousTensorflow.test(call)) suspect('keras.dangerous', at, call, call)

    // A class needs a module or a configuration to be rebuilt; `class_name` alone is a word in someone else's format.
    const rebuilt = members.has('class_name') && ['config', 'module', 'registered_name'].some((key) => members.has(key))
    if (!rebuilt) return
    for (const seen of pending.splice(mark)) observe(seen)
    for (const named of namedBy(members)) {
      const grade = gradeKeras(named)
      if (grade === 'plain') continue
      const name = named.module === '' ? named.name : `${named.module}.${named.name}`
      observe(noticed(codeOf(grade, named.isFunction), at, name, name))
    }
  }

  try {
    tokens.next()
    value('', undefined, 0)
    tokens.next()
    if (now(tokens) !== 'end') throw new JsonBroken('syntax', tokens.offset, 'more follows the end of the document')
    return true
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error
    observe({
      code: error.reason === 'syntax' ? 'keras.malformed' : 'scan.limit',
      ...(source.placed === false ? {} : { offset: error.offset }),
      ...(source.member === '' ? {} : { member: source.member }),
      detail: error.message,
    })
    return false
  }
}

/** The current type anew: the compiler does not see that `next` changes it. */
const now = (tokens: JsonTokens): JsonTokens['type'] => tokens.type

function remember(members: Members | undefined, key: string, text: string): void {
  const texts = members?.get(key)
  if (texts === undefined) members?.set(key, [text.slice(0, 1024)])
  else if (texts.length < 8) texts.push(text.slice(0, 1024))
}

/** Every class or function that the members may be read as. */
function namedBy(members: Members): Named[] {
  const modules = members.get('module') ?? members.get('package') ?? ['']
  return (members.get('class_name') ?? []).flatMap((className) =>
    modules.flatMap((module): Named[] => {
      // A type specification is imported by module, as a function is by its name.
      if (className === '__typespec__')
        return /^tensorflow(\.|$)/.test(module) || module === ''
          ? []
          : [{ module, name: members.get('spec_name')?.[0] ?? '', isFunction: true }]
      const isFunction = functionKinds.has(className)
      const registered = (members.get('registered_name') ?? []).filter((name) => name !== '' && name !== className)
      if (isFunction)
        return (members.get('config') ?? ['']).map((config) => ({
          module,
          name: config === '' ? (registered[0] ?? className) : config,
          isFunction,
        }))
      // What was registered under a name of its own is looked up first; only who loads the model can have registered it.
      const own = registered.filter((name) => name.includes('>') || module === '')
      return [{ module, name: className, isFunction }, ...own.map((name) => ({ module: '', name, isFunction }))]
    }),
  )
}

const codes = {
  lambda: 'keras.lambda',
  torch: 'keras.torch',
  dangerous: 'keras.dangerous',
  foreign: 'keras.foreign',
  unlisted: 'keras.unlisted',
}

function codeOf(grade: Exclude<KerasGrade, 'plain'>, isFunction: boolean): string {
  if (grade === 'custom') return isFunction ? 'keras.custom-function' : 'keras.custom-class'
  return codes[grade]
}

/** Base64 of Python byte code (marshal's code object) or of a pickle. */
function carriedCode(text: string): string | undefined {
  const trimmed = text.trimStart()
  if (trimmed.length < 8 || !/^[A-Za-z0-9+/_-]{6,}[\sA-Za-z0-9+/=_-]{0,64}/.test(trimmed)) return undefined
  const head = Buffer.from(trimmed.slice(0, 16), 'base64')
  const [first = 0, second = 0, third = 1, fourth = 1, fifth = 1] = head
  // A code object: its type, then the number of arguments as four bytes.
  if ((first & 0x7f) === 0x63 && second < 64 && third === 0 && fourth === 0 && fifth === 0) return 'keras.byte-code'
  const opcodes = '\x95(]}cNKX\x8cUMGJI)S'
  if (first === 0x80 && second >= 2 && second <= 5 && opcodes.includes(String.fromCharCode(third)))
    return 'keras.pickled'
  return undefined
}
