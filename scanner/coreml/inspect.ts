import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { defineSchema } from '../protobuf/schema.ts'
import { intOf, type Message, messageOf, messagesOf, textOf } from '../protobuf/types.ts'
import { walkProtobuf } from '../protobuf/walk.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import type { FormatHeader } from '../types.ts'

/**
 * The outer messages of a Core ML model, and of the inner ones those that name software or files. Source: coremltools mlmodel/format,
 * Model.proto, NeuralNetwork.proto, MIL.proto, CustomModel.proto, LinkedModel.proto.
 */
const schema = defineSchema({
  Model:
    '1 version int, 2 description Description, 10 updatable int, 200 pipelineClassifier PipelineOf*, 201 pipelineRegressor PipelineOf*, ' +
    '202 pipeline Pipeline*, 300 glmRegressor data, 301 svr data, 302 treeRegressor data, 303 networkRegressor Network*, ' +
    '304 bayesianRegressor data, 400 glmClassifier data, 401 svc data, 402 treeClassifier data, 403 networkClassifier Network*, ' +
    '404 knn data, 500 network Network*, 501 recommender data, 502 program Program*, 555 custom Custom, 556 linked Linked, ' +
    '560 calibration data, 600 oneHot data, 601 imputer data, 602 vectorizer data, 603 dictVectorizer data, 604 scaler data, ' +
    '606 categorical data, 607 normalizer data, 609 extractor data, 900 identity data, 2000 textClassifier data, 2001 wordTagger data, ' +
    '2002 vision data, 2003 sound data, 2004 gazetteer data, 2005 embedding data, 2006 audio data, 3000 serialized data',
  Description:
    '1 input Feature*, 10 output Feature*, 11 predicted text, 12 probabilities text, 13 state Feature*, 50 training Feature*, ' +
    '20 functions FunctionDescription*, 21 defaultFunction text, 100 metadata Metadata',
  FunctionDescription:
    '1 name text, 2 input Feature*, 3 output Feature*, 4 predicted text, 5 probabilities text, 6 state Feature*',
  Feature: '1 name text, 2 description text, 3 type text',
  Metadata: '1 description text, 2 versionText text, 3 author text, 4 license text, 100 userDefined Entry',
  Entry: '1 key text, 2 value text',
  PipelineOf: '1 pipeline Pipeline*',
  Pipeline: '1 models Model*, 2 names text',
  Network:
    '1 layers Layer*, 2 preprocessing data, 5 arrayMapping int, 6 imageMapping int, 10 update data, 100 strings data, 101 ints data, 200 label text',
  Layer:
    '1 name text, 2 input text, 3 output text, 4 inputTensor text, 5 outputTensor text, 10 updatable int, 500 custom CustomLayer',
  CustomLayer: '10 className text, 20 weights data, 30 parameters data, 40 description text',
  Custom: '10 className text, 30 parameters data, 40 description text',
  Linked: '1 file LinkedFile',
  LinkedFile: '1 name TextParameter, 2 searchPath TextParameter',
  TextParameter: '1 default text',
  Program: '1 version int, 2 functions data, 3 doc text, 4 attributes data',
})

export type CoremlHeader = FormatHeader & {
  kind: 'coreml'
  specificationVersion: number
  author: string
  license: string
  layers: number
  customLayers: string[]
}

/**
 * Reads the frame of a Core ML model: what it describes, which classes of the application it calls, which files it links. Weights and
 * the programs of newer models are not read, so the file stays incomplete.
 */
export function inspectCoreml(context: InspectContext): Inspected {
  const { observe, offset } = context
  const customLayers: string[] = []
  let layers = 0

  function leave(message: Message): void {
    const at = message.range.offset
    if (message.type === 'Layer') layers += 1
    if (message.type === 'CustomLayer' || message.type === 'Custom') {
      const name = textOf(message, 'className')
      if (customLayers.length < 100) customLayers.push(name.slice(0, 100))
      observe({ code: 'coreml.custom', offset: at, evidence: escapeText(name), detail: escapeText(name, 120) })
    } else if (message.type === 'LinkedFile') {
      const name = textOf(messageOf(message, 'name'), 'default')
      const path = textOf(messageOf(message, 'searchPath'), 'default')
      const leaves = leavesFolder(name) ?? leavesFolder(path)
      observe({
        code: leaves === undefined ? 'coreml.linked' : 'coreml.linked-outside',
        offset: at,
        evidence: escapeText(`${path} ${name}`.trim()),
        detail: escapeText(`${path} ${name}`.trim(), 120),
      })
    } else if (message.type === 'Entry') {
      const code = looksLikeCode(textOf(message, 'value'))
      if (code !== undefined)
        observe({
          code: 'coreml.metadata-code',
          offset: at,
          member: textOf(message, 'key').slice(0, 100),
          evidence: code,
          detail: escapeText(code, 120),
        })
    }
  }

  const { root, end } = walkProtobuf(context, { schema, root: 'Model', malformed: 'coreml.malformed', leave })
  observe({ code: 'coreml.uninspected', offset, detail: 'weights and programs were not read' })
  const metadata = messagesOf(messageOf(root, 'description'), 'metadata')[0]
  const header: CoremlHeader = {
    kind: 'coreml',
    specificationVersion: intOf(root, 'version'),
    author: textOf(metadata, 'author').slice(0, 200),
    license: textOf(metadata, 'license').slice(0, 200),
    layers,
    customLayers,
  }
  return { header, end }
}
