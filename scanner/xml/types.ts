import type { FormatHeader } from '../types.ts'

/** Key facts of an XML document. */
export type XmlHeader = FormatHeader & {
  kind: 'xml'
  /** Name of the outermost element, without its prefix. */
  root: string
  /** What the document is by its outermost element. */
  dialect: 'pmml' | 'openvino' | 'html' | 'svg' | 'other'
  /** The version that the outermost element states. */
  version?: string
  elements: number
  /** Types of the layers of an OpenVINO model with how often they occur; the first 200. */
  layers?: { [type: string]: number }
  /** Elements of a PMML document that are models. */
  models?: string[]
}
