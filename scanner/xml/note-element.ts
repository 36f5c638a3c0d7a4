import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import type { Observation } from '../types.ts'
import type { XmlHeader } from './types.ts'

export type Element = {
  /** With its prefix, as written. */
  name: string
  attributes: Readonly<Record<string, string>>
  offset: number
}

/** Operator sets that OpenVINO brings itself. Source: openvino, ops of opset1 to opset16 and those its passes make. */
const ownSets =
  /^(opset\d{1,2}|experimental|type_relaxed_opset|ie_internal_opset|SnippetsOpset|gpu_opset|cpu_plugin_opset|util)$/
const runsByName = /python|^py(op|func|call)|script|shell|exec|subprocess|plugin|dynamic_?load|system/i
const libraryKeys =
  /^(library|lib|library_path|lib_path|plugin|plugin_path|so|dll|shared_object|extension_path|extension_library|entry|entry_point)$/i
const libraryName = /\.(so(\.\d+)*|dll|dylib|pyd|node|ocx)$/i

/** Notes what one element means to the software that loads such documents. */
export function noteElement(
  { name, attributes, offset }: Element,
  dialect: XmlHeader['dialect'],
  observe: (observation: Observation) => void,
): void {
  const local = localName(name)
  const note = (code: string, evidence: string, detail: string): void =>
    observe({
      code,
      offset,
      member: name.slice(0, 100),
      evidence: escapeText(evidence),
      detail: escapeText(detail, 280),
    })
  const model = dialect === 'pmml' || dialect === 'openvino'
  if (/^script$/i.test(local)) note(model ? 'xml.script' : 'xml.active', name, `<${name}>`)
  if (local === 'include' && attributes['href'] !== undefined)
    note('xml.include', attributes['href'], attributes['href'])
  for (const [key, value] of Object.entries(attributes)) {
    if (dialect === 'openvino' && (libraryKeys.test(key) || libraryName.test(value)) && value !== '')
      note('openvino.library', value, `${key}="${value}"`)
    else if (model) {
      const code = looksLikeCode(value)
      if (code !== undefined) note('xml.code', code, `${code} in "${key}"`)
      else if (/^(file|path|filename|source|location|uri|url|href)$/i.test(key) && leavesFolder(value) !== undefined)
        note('xml.path', value, `${key}="${value}"`)
    } else if (/^on[a-z]{3,20}$/i.test(key) || /^\s{0,8}javascript:/i.test(value))
      note('xml.active', value, `${key}="${value}"`)
  }
  if (dialect === 'openvino' && local === 'layer') {
    const { type = '', version = '' } = attributes
    if (runsByName.test(type)) note('openvino.runs', type, `type "${type}"`)
    else if (version !== '' && !ownSets.test(version)) note('openvino.custom', type, `type "${type}" of "${version}"`)
  }
  if (dialect === 'pmml' && local === 'Apply') {
    // Engines in Java look a dotted name up as a class. Source: jpmml-evaluator, user-defined functions.
    const called = attributes['function'] ?? ''
    if (/^[\w$]+(\.[\w$]+){1,}$/.test(called)) note('pmml.function', called, `function "${called}"`)
  }
}

/** The name of an element without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** What a document is by its outermost element. */
export function dialectOf(root: string): XmlHeader['dialect'] {
  const local = localName(root)
  if (local === 'PMML') return 'pmml'
  if (local === 'net' || local === 'Net') return 'openvino'
  if (/^html$/i.test(local)) return 'html'
  return local === 'svg' ? 'svg' : 'other'
}
