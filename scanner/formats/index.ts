import { registry } from '../../kernel/index.ts'
import { bzip2Format } from './bzip2.ts'
import { catboostFormat } from './catboost.ts'
import { coremlFormat } from './coreml.ts'
import { elfFormat } from './elf.ts'
import { executorchFormat } from './executorch.ts'
import { flacFormat } from './flac.ts'
import { ggmlLegacyFormat } from './ggml-legacy.ts'
import { ggufFormat } from './gguf.ts'
import { gifFormat } from './gif.ts'
import { gzipFormat } from './gzip.ts'
import { hdf5Format } from './hdf5.ts'
import { javaClassFormat } from './java-class.ts'
import { jinjaFormat } from './jinja.ts'
import { jpegFormat } from './jpeg.ts'
import { jsonFormat } from './json.ts'
import { kerasMetadataFormat } from './keras-metadata.ts'
import { lfsPointerFormat } from './lfs-pointer.ts'
import { lightgbmFormat } from './lightgbm.ts'
import { lz4Format } from './lz4.ts'
import { lzmaFormat } from './lzma.ts'
import { machOFormat } from './mach-o.ts'
import { mp3Format } from './mp3.ts'
import { msgpackFormat } from './msgpack.ts'
import { numpyFormat } from './numpy.ts'
import { oggFormat } from './ogg.ts'
import { onnxFormat } from './onnx.ts'
import { paddleFormat } from './paddle.ts'
import { paddleParametersFormat } from './paddle-parameters.ts'
import { parquetFormat } from './parquet.ts'
import { pdfFormat } from './pdf.ts'
import { pickleFormat } from './pickle.ts'
import { pngFormat } from './png.ts'
import { portableExecutableFormat } from './portable-executable.ts'
import { pythonFormat } from './python.ts'
import { pythonBytecodeFormat } from './python-bytecode.ts'
import { rarFormat } from './rar.ts'
import { rdsFormat } from './rds.ts'
import { riffFormat } from './riff.ts'
import { rknnFormat } from './rknn.ts'
import { safetensorsFormat } from './safetensors.ts'
import { savedModelFormat } from './saved-model.ts'
import { scriptFormat } from './script.ts'
import { sevenZipFormat } from './seven-zip.ts'
import { sourceFormat } from './source.ts'
import { sqliteFormat } from './sqlite.ts'
import { tarFormat } from './tar.ts'
import { tensorrtFormat } from './tensorrt.ts'
import { textFormat } from './text.ts'
import { tfBundleFormat } from './tf-bundle.ts'
import { tfGraphFormat } from './tf-graph.ts'
import { tfTextFormat } from './tf-text.ts'
import { tfliteFormat } from './tflite.ts'
import { torchLegacyFormat } from './torch-legacy.ts'
import { ubjsonFormat } from './ubjson.ts'
import { wasmFormat } from './wasm.ts'
import { windowsLinkFormat } from './windows-link.ts'
import { xgboostBinaryFormat } from './xgboost-binary.ts'
import { xmlFormat } from './xml.ts'
import { xzFormat } from './xz.ts'
import { yamlFormat } from './yaml.ts'
import { zipFormat } from './zip.ts'
import { zlibFormat } from './zlib.ts'
import { zstdFormat } from './zstd.ts'

/**
 * Every format the scanner knows. Those with a signature are tried first and in any order; the text-like ones are tried in this
 * order and the first that accepts the whole file wins, so `text` stands last.
 */
export const formats = registry('format', [
  ggufFormat,
  safetensorsFormat,
  pickleFormat,
  torchLegacyFormat,
  zipFormat,
  tarFormat,
  sevenZipFormat,
  rarFormat,
  gzipFormat,
  bzip2Format,
  xzFormat,
  zstdFormat,
  lz4Format,
  lzmaFormat,
  zlibFormat,
  numpyFormat,
  hdf5Format,
  savedModelFormat,
  tfGraphFormat,
  tfBundleFormat,
  kerasMetadataFormat,
  onnxFormat,
  tfliteFormat,
  executorchFormat,
  coremlFormat,
  ggmlLegacyFormat,
  msgpackFormat,
  ubjsonFormat,
  xgboostBinaryFormat,
  lightgbmFormat,
  catboostFormat,
  tensorrtFormat,
  rknnFormat,
  paddleFormat,
  paddleParametersFormat,
  parquetFormat,
  sqliteFormat,
  rdsFormat,
  elfFormat,
  portableExecutableFormat,
  machOFormat,
  javaClassFormat,
  pythonBytecodeFormat,
  wasmFormat,
  windowsLinkFormat,
  pngFormat,
  jpegFormat,
  gifFormat,
  riffFormat,
  oggFormat,
  flacFormat,
  mp3Format,
  pdfFormat,
  lfsPointerFormat,
  scriptFormat,
  xmlFormat,
  tfTextFormat,
  jinjaFormat,
  jsonFormat,
  yamlFormat,
  pythonFormat,
  sourceFormat,
  textFormat,
])
