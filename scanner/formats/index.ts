import { registry } from '../../kernel/index.ts'
import { bzip2Format } from './bzip2.ts'
import { elfFormat } from './elf.ts'
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
import { lfsPointerFormat } from './lfs-pointer.ts'
import { lz4Format } from './lz4.ts'
import { lzmaFormat } from './lzma.ts'
import { machOFormat } from './mach-o.ts'
import { mp3Format } from './mp3.ts'
import { msgpackFormat } from './msgpack.ts'
import { numpyFormat } from './numpy.ts'
import { oggFormat } from './ogg.ts'
import { onnxFormat } from './onnx.ts'
import { parquetFormat } from './parquet.ts'
import { pdfFormat } from './pdf.ts'
import { pickleFormat } from './pickle.ts'
import { pngFormat } from './png.ts'
import { portableExecutableFormat } from './portable-executable.ts'
import { pythonFormat } from './python.ts'
import { rarFormat } from './rar.ts'
import { rdsFormat } from './rds.ts'
import { riffFormat } from './riff.ts'
import { safetensorsFormat } from './safetensors.ts'
import { savedModelFormat } from './saved-model.ts'
import { scriptFormat } from './script.ts'
import { sevenZipFormat } from './seven-zip.ts'
import { sourceFormat } from './source.ts'
import { sqliteFormat } from './sqlite.ts'
import { tarFormat } from './tar.ts'
import { textFormat } from './text.ts'
import { tfliteFormat } from './tflite.ts'
import { wasmFormat } from './wasm.ts'
import { windowsLinkFormat } from './windows-link.ts'
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
  onnxFormat,
  tfliteFormat,
  ggmlLegacyFormat,
  msgpackFormat,
  parquetFormat,
  sqliteFormat,
  rdsFormat,
  elfFormat,
  portableExecutableFormat,
  machOFormat,
  javaClassFormat,
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
  jinjaFormat,
  jsonFormat,
  yamlFormat,
  pythonFormat,
  sourceFormat,
  textFormat,
])
