import { Buffer } from 'node:buffer'
import { SaxesParser } from 'saxes'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { createDataClaims } from '../repository/data-claims.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import { findSecrets, secretOverlap } from '../text/secrets.ts'
import { claimConstant } from './claim-constant.ts'
import { encodingOf, isUsualEncoding } from './encoding.ts'
import { inspectHtml, isHtml } from './inspect-html.ts'
import { dialectOf, localName, noteElement } from './note-element.ts'
import type { XmlHeader } from './types.ts'

const maxSize = 512 * 1024 * 1024
const maxDepth = 500
const windowSize = 256 * 1024
const maxKinds = 200
const maxDetail = 400

class Stop extends Error {}

/**
 * Reads an XML document in full, without a document type: entities are never defined nor fetched. Declines what only begins like XML.
 */
export function inspectXml(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover } = context
  const end = offset + length
  const head = reader.read(offset, 4096)
  const encoding = encodingOf(head)
  const start = Buffer.from(head.subarray(encoding.mark)).toString('latin1')
  if (isHtml(start)) return inspectHtml(context)
  if (length > maxSize) {
    observe({ code: 'scan.limit', offset, detail: `${length} bytes of XML, at most ${maxSize} are read` })
    return { end }
  }
  if (!isUsualEncoding(encoding.declared))
    observe({ code: 'xml.encoding', offset, evidence: encoding.declared, detail: encoding.declared })

  const header: XmlHeader = { kind: 'xml', root: '', dialect: 'other', elements: 0 }
  const layers = new Map<string, number>()
  const models = new Set<string>()
  const parser = new SaxesParser({ position: false, fragment: false })
  const claims = createDataClaims()
  let layer = ''
  let at = offset
  let depth = 0
  let extensions = 0
  let refused = false
  let broken: string | undefined

  const noteText = (text: string): void => {
    const code = looksLikeCode(text)
    if (code !== undefined)
      observe({
        code: 'pmml.extension-code',
        offset: at,
        member: 'Extension',
        evidence: code,
        detail: escapeText(code, 120),
      })
  }
  parser.on('error', (error) => {
    // Entities of a refused document type are unknown; nothing else may be wrong.
    if (refused && /entity/i.test(error.message)) return
    broken = error.message
    throw new Stop()
  })
  parser.on('doctype', (text) => {
    refused = true
    const plain =
      /^\s{1,8}[\w:.-]{1,64}(\s{1,8}PUBLIC\s{1,8}"-\/\/W3C\/\/DTD [^"]{1,64}"\s{1,8}"https?:\/\/www\.w3\.org\/[^"]{1,128}")?\s{0,8}$/i.test(
        text,
      )
    observe({
      code: plain ? 'xml.doctype' : 'xml.entity',
      offset: at,
      evidence: escapeText(text.trim()),
      detail: escapeText(text.trim(), maxDetail / 2),
    })
  })
  parser.on('processinginstruction', ({ target, body }) => {
    if (target.toLowerCase() !== 'xml')
      observe({
        code: 'xml.instruction',
        offset: at,
        member: target.slice(0, 64),
        evidence: escapeText(body),
        detail: escapeText(target, 64),
      })
  })
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1
    if (depth > maxDepth) {
      observe({ code: 'xml.depth', offset: at, detail: `more than ${maxDepth} elements inside one another` })
      throw new Stop()
    }
    if (header.elements === 0) {
      header.root = localName(name).slice(0, 100)
      header.dialect = dialectOf(name)
      const version = attributes['version']
      if (typeof version === 'string') header.version = version.slice(0, 32)
    }
    header.elements += 1
    noteElement({ name, attributes: attributes as SaxesAttributes, offset: at }, header.dialect, observe)
    const local = localName(name)
    if (header.dialect === 'openvino' && local === 'layer') {
      const type = ((attributes as SaxesAttributes)['type'] ?? '').slice(0, 64)
      layer = type
      if (layers.has(type) || layers.size < maxKinds) layers.set(type, (layers.get(type) ?? 0) + 1)
    } else if (header.dialect === 'openvino' && local === 'data' && layer === 'Const') {
      claimConstant(attributes as SaxesAttributes, claims)
    } else if (header.dialect === 'pmml') {
      if (/Model$|Network$/.test(local) && models.size < 32) models.add(local)
      if (local === 'Extension') {
        extensions += 1
        // Text is gathered by the parser only where someone listens: tables of numbers are long.
        if (extensions === 1) parser.on('text', noteText)
      }
    }
  })
  parser.on('closetag', ({ name }) => {
    depth -= 1
    if (header.dialect === 'pmml' && localName(name) === 'Extension') {
      extensions -= 1
      if (extensions === 0) parser.off('text')
    }
  })
  parser.on('cdata', (text) => {
    if (extensions > 0) noteText(text)
  })

  let carried = ''
  try {
    const decoder = new TextDecoder(encoding.label, { fatal: true })
    for (at = offset + encoding.mark; at < end; at += windowSize) {
      const bytes = reader.read(at, Math.min(windowSize, end - at))
      const text = decoder.decode(bytes, { stream: at + windowSize < end })
      findSecrets(carried + text, at - carried.length, observe)
      carried = text.slice(-secretOverlap)
      parser.write(text)
    }
    parser.close()
  } catch (error) {
    if (!(error instanceof Stop) && !(error instanceof TypeError)) throw error
    broken ??= error instanceof Stop ? undefined : 'the text is not well-formed in its encoding'
  }
  const whole = at >= end && broken === undefined
  if (broken !== undefined) {
    // What only begins like XML is text with angle brackets.
    const promised =
      /^\s*<(\?xml|!DOCTYPE|!ENTITY)/i.test(start) || ['pmml', 'openvino', 'svg'].includes(header.dialect)
    if (!promised) return undefined
    observe({ code: 'xml.malformed', offset: at, detail: escapeText(broken, maxDetail / 2) })
  }
  if (header.elements === 0 && broken === undefined && !refused && whole) return undefined
  cover(offset, whole ? length : Math.min(at, end) - offset, 'parsed')
  if (layers.size > 0) header.layers = Object.fromEntries(layers)
  if (models.size > 0) header.models = [...models]
  return { header, end, claims: claims.finish() }
}

/** Without name spaces attributes are plain texts. */
type SaxesAttributes = Record<string, string>
