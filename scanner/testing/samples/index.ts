import { compressedSamples } from './compressed.ts'
import { executableSamples } from './executables.ts'
import { hdf5Samples } from './hdf5.ts'
import { jsonSamples } from './json.ts'
import { kerasSamples } from './keras.ts'
import { msgpackSamples } from './msgpack.ts'
import { numpySamples } from './numpy.ts'
import { onnxSamples } from './onnx.ts'
import { pickleSamples } from './pickle.ts'
import { pythonSamples } from './python.ts'
import { sevenZipSamples } from './seven-zip.ts'
import { tarSamples } from './tar.ts'
import { kerasMetadataSamples, savedModelSamples, tfGraphSamples, tfTextSamples } from './tensorflow.ts'
import { tensorflowBundleSamples } from './tensorflow-bundle.ts'
import { tfliteSamples } from './tflite.ts'
import { torchLegacySamples } from './torch-legacy.ts'
import type { FormatSamples } from './types.ts'
import { ubjsonSamples } from './ubjson.ts'
import { xmlSamples } from './xml.ts'
import { yamlSamples } from './yaml.ts'
import { zipSamples } from './zip.ts'

/** One file of samples for each inspected format. */
export const formatSamples: readonly FormatSamples[] = [
  yamlSamples,
  ubjsonSamples,
  pythonSamples,
  msgpackSamples,
  jsonSamples,
  zipSamples,
  tarSamples,
  numpySamples,
  pickleSamples,
  torchLegacySamples,
  ...compressedSamples,
  sevenZipSamples,
  ...executableSamples,
  hdf5Samples,
  kerasSamples,
  onnxSamples,
  kerasMetadataSamples,
  savedModelSamples,
  tfGraphSamples,
  tfTextSamples,
  tensorflowBundleSamples,
  tfliteSamples,
  xmlSamples,
]
