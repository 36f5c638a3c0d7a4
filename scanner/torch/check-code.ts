import { Buffer } from 'node:buffer'
import type { InspectContext } from '../define-format.ts'
import type { Reader } from '../reader.ts'

/** Operators that every build of torch has, by name space. Others need a native library that the archive does not bring. */
const shipped: ReadonlySet<string> = new Set([
  'aten',
  'prim',
  'prims',
  'quantized',
  '_quantized',
  'onednn',
  'mkldnn',
  'mkldnn_prepacked',
  'prepacked',
  'profiler',
  'sparse',
  'metal',
  'metal_prepack',
  'vulkan_prepack',
  'xnnpack',
  'torchvision',
  'torchaudio',
  'inductor',
  'c10d',
])
/** Builtins of TorchScript that read or write files. Source: aten/src/ATen/native/native_functions.yaml, torch/csrc/jit/runtime. */
const fileAccess = /\b(?:torch|ops\.aten|aten)\.(from_file|save|load|_save|_load_for_lite_interpreter)\(/g
const operators = /\bops\.([A-Za-z_]\w*)\.([A-Za-z_]\w*)/g
const windowSize = 1024 * 1024
const overlap = 256
const maxSeen = 20

/** TorchScript source: loading it compiles it, and calling the model runs it. Notes what reaches beyond computing on tensors. */
export function checkTorchScript(name: string, source: Reader, observe: InspectContext['observe']): void {
  const seen = new Set<string>()
  for (let at = 0; at < source.size; at += windowSize - overlap) {
    const text = Buffer.from(source.read(at, windowSize)).toString('latin1')
    for (const [match, call] of text.matchAll(fileAccess)) {
      if (seen.size >= maxSeen || seen.has(match)) continue
      seen.add(match)
      observe({ code: 'torchzip.code-file', member: name, detail: `calls ${call}`, evidence: match })
    }
    for (const [match, space = ''] of text.matchAll(operators)) {
      if (shipped.has(space) || seen.size >= maxSeen || seen.has(match)) continue
      seen.add(match)
      observe({ code: 'torchzip.code-operator', member: name, detail: `calls ${match.slice(0, 100)}`, evidence: match })
    }
  }
}
