import { defineFormat } from '../define-format.ts'
import { encodingOf } from '../xml/encoding.ts'
import { inspectXml } from '../xml/inspect.ts'
import { xmlRules } from '../xml/rules.ts'

/** XML by its declaration, document type, comment or first element (PMML, OpenVINO, SVG, HTML). Source: XML 1.0. */
export const xmlFormat = defineFormat({
  kind: 'xml',
  title: 'XML or HTML document',
  extensions: ['.xml', '.pmml', '.svg', '.html'],
  canRun: true,
  probe: ({ head, text, offset }) => {
    const { label, mark } = encodingOf(head)
    if (text === undefined && label === 'utf-8') return undefined
    const start = new TextDecoder(label).decode(head.subarray(mark, 2048 + mark))
    return /^\uFEFF?\s{0,256}<(\?xml\b|!DOCTYPE\b|!ENTITY\b|!--|[A-Za-z_][\w:.-]{0,64}[\s/>])/i.test(start)
      ? { offset, certainty: 'guess' }
      : undefined
  },
  inspect: inspectXml,
  rules: xmlRules,
})
