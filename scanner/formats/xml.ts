import { defineFormat, leaveUninspected } from '../define-format.ts'

/** XML by its declaration, document type or first element (PMML, OpenVINO, SVG, HTML). */
export const xmlFormat = defineFormat({
  kind: 'xml',
  title: 'XML or HTML document',
  extensions: ['.xml', '.pmml', '.svg', '.html'],
  canRun: true,
  probe: ({ text, offset }) =>
    text !== undefined &&
    /^\uFEFF?\s{0,256}<(\?xml\b|!DOCTYPE\b|!ENTITY\b|(svg|html|PMML|net)\b[^\n]{0,200}>)/i.test(text.slice(0, 1024))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: leaveUninspected('XML or HTML document'),
  rules: [],
})
