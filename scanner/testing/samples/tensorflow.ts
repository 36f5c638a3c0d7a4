import { Buffer } from 'node:buffer'
import { proto } from '../protobuf-bytes.ts'
import { graphBytes, type NodeSpec, plainNodes, savedModelBytes, stringConst, textAttr } from '../tensorflow-bytes.ts'
import { lambdaKeras, plainLegacyKeras } from './keras-values.ts'
import type { FormatSamples, Sample } from './types.ts'

const saved = (name: string, nodes: NodeSpec[], ...rules: string[]): Sample => ({
  name,
  path: 'saved_model.pb',
  bytes: savedModelBytes(graphBytes([...plainNodes, ...nodes])),
  rules,
})
const asset = (filename: string): Buffer => proto([1, proto([1, 'asset:0'])], [2, filename])
const kerasObject = (config: unknown): Buffer =>
  proto([1, proto([4, proto([1, '_tf_keras_sequential'], [2, proto([1, 1])], [3, JSON.stringify(config)])])])
const readFile: NodeSpec = { op: 'ReadFile', name: 'r0', inputs: ['part'] }
const inFunction = savedModelBytes(
  graphBytes(
    [...plainNodes, { op: 'StatefulPartitionedCall', name: 'call' }],
    [{ name: '__inference_f_1', nodes: [readFile] }],
  ),
)

export const savedModelSamples: FormatSamples = {
  kind: 'tf-savedmodel',
  malicious: [
    ...['PyFunc', 'EagerPyFunc', 'PyFuncStateless'].map((op) => saved(op, [{ op }], 'TF-OP-001')),
    ...['ReadFile', 'MatchingFiles', 'ImmutableConst', 'TFRecordDataset'].map((op) => saved(op, [{ op }], 'TF-OP-002')),
    ...['WriteFile', 'CreateSummaryFileWriter', 'DebugIdentityV2'].map((op) => saved(op, [{ op }], 'TF-OP-003')),
    saved('RpcCall', [{ op: 'RpcCall' }], 'TF-OP-004'),
    saved('an operator that says what it does', [{ op: 'ShellExecute' }], 'TF-OP-005'),
    saved('an operator of another library', [{ op: 'BlockSparseThing' }], 'TF-OP-006'),
    saved(
      'printing to a file',
      [{ op: 'PrintV2', attrs: [['output_stream', textAttr('file:///tmp/x')]] }],
      'TF-OP-003',
    ),
    saved('printing to nowhere stated', [{ op: 'PrintV2' }], 'TF-OP-008'),
    saved(
      'saving to a fixed path',
      [
        { op: 'Const', name: 'path', attrs: [['value', stringConst('/etc/cron.d/x')]] },
        { op: 'SaveV2', name: 's2', inputs: ['path', 'part', 'part', 'w'] },
      ],
      'TF-PATH-001',
    ),
    {
      name: 'an asset outside',
      path: 'saved_model.pb',
      bytes: savedModelBytes(graphBytes(plainNodes), [[6, asset('../../etc/passwd')]]),
      rules: ['TF-ASSET-001'],
    },
    { name: 'a file operator within a function', path: 'saved_model.pb', bytes: inFunction, rules: ['TF-OP-002'] },
    {
      name: 'a Lambda layer in what Keras saved',
      path: 'saved_model.pb',
      bytes: savedModelBytes(graphBytes(plainNodes), [[7, kerasObject(lambdaKeras)]]),
      rules: ['KERAS-LAMBDA-001'],
    },
  ],
  benign: [
    saved('usual operators', []),
    saved('operators of a text model', [
      { op: 'HashTableV2' },
      { op: 'LookupTableFindV2' },
      { op: 'RaggedTensorToTensor' },
    ]),
    {
      name: 'functions, assets and what Keras saved',
      path: 'saved_model.pb',
      bytes: savedModelBytes(
        graphBytes(
          [...plainNodes, { op: '__inference_f_1', name: 'call' }],
          [{ name: '__inference_f_1', nodes: [{ op: 'Relu' }] }],
        ),
        [
          [6, asset('vocab.txt')],
          [7, kerasObject(plainLegacyKeras)],
        ],
      ),
    },
  ],
  truncated: { name: 'cut', path: 'saved_model.pb', bytes: savedModelBytes(graphBytes(plainNodes)).subarray(0, 200) },
  mutations: [
    { name: 'another name', path: 'weights.bin', bytes: inFunction, rules: ['TF-OP-002'] },
    // A library may not redefine what an operator does.
    {
      name: 'a function that takes the name of an operator',
      path: 'saved_model.pb',
      bytes: savedModelBytes(graphBytes([...plainNodes, readFile], [{ name: 'ReadFile', nodes: [] }])),
      rules: ['TF-OP-002'],
    },
    {
      name: 'the version behind the graph',
      path: 'saved_model.pb',
      bytes: proto([2, proto([2, graphBytes([{ op: 'PyFunc' }])])], [1, 1]),
      rules: ['TF-OP-001'],
    },
    {
      name: 'a fixed path by way of other operators',
      path: 'saved_model.pb',
      bytes: savedModelBytes(
        graphBytes([
          { op: 'Const', name: 'path', attrs: [['value', stringConst('s3://bucket/x')]] },
          { op: 'Identity', name: 'i', inputs: ['path:0'] },
          { op: 'RestoreV2', name: 'r', inputs: ['i', 'x', 'y'] },
        ]),
      ),
      rules: ['TF-PATH-001'],
    },
  ],
}

const frozen = (name: string, nodes: NodeSpec[], ...rules: string[]): Sample => ({
  name,
  path: 'frozen_graph.pb',
  bytes: graphBytes(nodes),
  rules,
})
const meta = proto([1, proto([4, 'serve'])], [2, graphBytes([...plainNodes, { op: 'PyFunc' }])])

export const tfGraphSamples: FormatSamples = {
  kind: 'tf-graph',
  malicious: [
    frozen('reading', [...plainNodes, readFile], 'TF-OP-002'),
    frozen('writing', [{ op: 'WriteFile' }], 'TF-OP-003'),
    { name: 'a checkpoint of TensorFlow 1', path: 'model.ckpt.meta', bytes: meta, rules: ['TF-OP-001'] },
  ],
  benign: [
    frozen('usual operators', plainNodes),
    frozen('one node', [{ op: 'Placeholder', name: 'x' }]),
    {
      name: 'a checkpoint of TensorFlow 1',
      path: 'model.ckpt.meta',
      bytes: proto([1, proto([4, 'serve'])], [2, graphBytes(plainNodes)]),
    },
  ],
  truncated: { name: 'cut', path: 'frozen_graph.pb', bytes: graphBytes(plainNodes).subarray(0, 150) },
  mutations: [
    { name: 'another name', path: 'x.bin', bytes: graphBytes([...plainNodes, readFile]), rules: ['TF-OP-002'] },
    {
      name: 'an operator given twice',
      path: 'g.pb',
      bytes: proto([1, proto([1, 'n'], [2, 'PyFunc'], [2, 'Relu'])], [1, proto([1, 'm'], [2, 'Relu'])]),
      rules: ['TF-OP-001'],
    },
    {
      name: 'a cut one',
      path: 'g.pb',
      bytes: graphBytes([readFile, ...plainNodes]).subarray(0, 120),
      rules: ['TF-OP-002'],
    },
  ],
}

const metadata = (config: unknown): Buffer =>
  proto([1, proto([2, 0], [3, 'root'], [4, '_tf_keras_sequential'], [5, JSON.stringify(config)], [6, proto([1, 1])])])

export const kerasMetadataSamples: FormatSamples = {
  kind: 'keras-metadata',
  malicious: [
    { name: 'a Lambda layer', path: 'keras_metadata.pb', bytes: metadata(lambdaKeras), rules: ['KERAS-LAMBDA-001'] },
    {
      name: 'a function of os',
      path: 'keras_metadata.pb',
      bytes: metadata({ class_name: 'function', module: 'os', config: 'system' }),
      rules: ['KERAS-CALL-001'],
    },
    {
      name: 'a custom class',
      path: 'keras_metadata.pb',
      bytes: metadata({ class_name: 'Mine', config: {} }),
      rules: ['KERAS-CUSTOM-001'],
    },
  ],
  benign: [
    { name: 'a plain model', path: 'keras_metadata.pb', bytes: metadata(plainLegacyKeras) },
    {
      name: 'a layer without configuration',
      path: 'keras_metadata.pb',
      bytes: metadata({ name: 'x', trainable: true }),
    },
    {
      name: 'two layers',
      path: 'keras_metadata.pb',
      bytes: Buffer.concat([metadata(plainLegacyKeras), metadata({ name: 'y' })]),
    },
  ],
  truncated: { name: 'cut', path: 'keras_metadata.pb', bytes: metadata(plainLegacyKeras).subarray(0, 200) },
  mutations: [
    { name: 'another name', path: 'x.bin', bytes: metadata(lambdaKeras), rules: ['KERAS-LAMBDA-001'] },
    {
      name: 'behind a plain one',
      path: 'k.pb',
      bytes: Buffer.concat([metadata(plainLegacyKeras), metadata(lambdaKeras)]),
      rules: ['KERAS-LAMBDA-001'],
    },
    {
      name: 'with escapes',
      path: 'k.pb',
      bytes: Buffer.from(metadata(lambdaKeras).toString('latin1').replace('Lambda', 'Lambd\\'), 'latin1'),
    },
  ],
}

const written = (name: string, text: string, ...rules: string[]): Sample => ({
  name,
  path: 'saved_model.pbtxt',
  bytes: Buffer.from(text),
  rules,
})
const graphText = (op: string): string =>
  `saved_model_schema_version: 1\nmeta_graphs {\n  graph_def {\n    node {\n      name: "n"\n      op: ${op}\n    }\n  }\n}\n`

export const tfTextSamples: FormatSamples = {
  kind: 'tf-text',
  malicious: [
    written('Python', graphText('"PyFunc"'), 'TF-OP-001'),
    written('reading', graphText('"ReadFile"'), 'TF-OP-002'),
    written('an asset outside', `meta_graphs { asset_file_def { filename: "../../etc/passwd" } }\n`, 'TF-ASSET-001'),
  ],
  benign: [
    written('usual operators', graphText('"MatMul"')),
    written('a graph', 'node { name: "x" op: "Placeholder" }\nversions { producer: 27 }\n'),
    written('a function', 'library { function { signature { name: "f" } } }\nnode { name: "c" op: "f" }\n'),
  ],
  truncated: written('cut', graphText('"WriteFile"').slice(0, 110)),
  mutations: [
    written('single quotes', graphText("'PyFunc'"), 'TF-OP-001'),
    written('escapes', graphText('"Py\\106unc"'), 'TF-OP-001'),
    {
      name: 'another name, behind a comment',
      path: 'notes.txt',
      bytes: Buffer.from(`# a model\n${graphText('"WriteFile"')}`),
      rules: ['TF-OP-003'],
    },
    // The text is read in windows of 1 MiB.
    written(
      'across two windows',
      `${graphText('"MatMul"')}#${'x'.repeat(1_048_443)}\nnode { op: "PyFunc" }`,
      'TF-OP-001',
    ),
    written('far behind', `${graphText('"MatMul"')}${'# padding\n'.repeat(200_000)}node { op: "PyFunc" }`, 'TF-OP-001'),
  ],
}
