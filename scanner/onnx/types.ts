import type { FormatHeader } from '../types.ts'

/** Key facts of an ONNX model, as claimed by the file. */
export type OnnxHeader = FormatHeader & {
  kind: 'onnx'
  irVersion: number
  producer: string
  producerVersion: string
  /** Operator sets that the model wants: domain ('' is the standard one) and version. */
  opsets: { domain: string; version: number }[]
  nodes: number
  initializers: number
  /** Operators with how often they occur; the 200 that came first. Those of other domains than the standard one as `domain::name`. */
  operators: { [name: string]: number }
  /** Files beside the model that hold its weights; the first 256. */
  externalFiles: string[]
  /** Domain and name of functions that the model defines itself; the first 100. */
  functions: string[]
}
