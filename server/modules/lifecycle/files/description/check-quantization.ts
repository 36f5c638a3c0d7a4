import { tensorsOf } from './check-weights.ts'
import type { Quantization, Structure, TensorEntry, Weights } from './marker.ts'

/** Where the stated packing is not the one that the tensors have; one sentence each, with both sides. */
export function checkQuantization({ quantization, weights = [] }: Partial<Structure>): string[] {
  const files = weights.filter((file) => file.format === 'safetensors')
  if (files.length === 0) return []
  const tensors = tensorsOf(files)
  if (tensors.length === 0) return []
  const whole = files.every((file) => file.tensors.length === file.tensorCount)
  const packed = tensors.find(({ name }) => /\.(qweight|weight_packed)$/.test(name))
  if (quantization === undefined) {
    return packed === undefined
      ? []
      : [`${packed.name} holds packed weights, but no configuration says how they are packed.`]
  }
  const proof = proofs[quantization.method]
  if (proof !== undefined && whole && !proof(tensors, files, quantization)) {
    return [
      `${quantization.path} says ${quantization.method}, but no tensor is packed so: the weights are ${dtypesOf(files)}.`,
    ]
  }
  const { method, variant, mixed } = quantization
  // Other layouts have other shapes, and where modules differ no single statement holds for all.
  const known = (method === 'gptq' && variant !== 'marlin') || (method === 'awq' && (variant ?? 'gemm') === 'gemm')
  return known && mixed !== true ? checkPacked(quantization, tensors) : []
}

const dtypesOf = (files: readonly Weights[]) =>
  [...new Set(files.flatMap((file) => Object.keys(file.dtypes)))].slice(0, 6).join(', ')

const anyDtype = (files: readonly Weights[], pattern: RegExp) =>
  files.some((file) => Object.keys(file.dtypes).some((name) => pattern.test(name)))

type Proof = (tensors: readonly TensorEntry[], files: readonly Weights[], quantization: Quantization) => boolean

/** What a saved model of each method has among its tensors. Source: the loaders in transformers, integrations/ and quantizers/. */
const proofs: Readonly<Record<string, Proof>> = {
  gptq: (tensors) => tensors.some(({ name }) => /\.(qweight|B)$/.test(name)),
  awq: (tensors) => tensors.some(({ name }) => name.endsWith('.qweight')),
  bitsandbytes: (_tensors, files) => anyDtype(files, /^[UI]8$/),
  fp8: (_tensors, files) => anyDtype(files, /^F8_/),
  modelopt: (_tensors, files) => anyDtype(files, /^(F8_|[UI]8$|F4)/),
  mxfp4: (tensors) => tensors.some(({ name }) => name.endsWith('_blocks')),
  mlx: (_tensors, files) => anyDtype(files, /^U32$/),
  'compressed-tensors': (tensors, files) =>
    anyDtype(files, /^(F8_|[UI]8$)/) || tensors.some(({ name }) => name.endsWith('.weight_packed')),
}

/**
 * Bits and group size as the shapes prove them. GPTQ: qweight is [in·bits/32, out], qzeros [groups, out·bits/32], scales [groups, out];
 * AWQ: qweight is [in, out·bits/32], the others the same. Source: AutoGPTQ, qlinear; AutoAWQ, gemm.
 */
function checkPacked(quantization: Quantization, tensors: readonly TensorEntry[]): string[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const { method, path, bits, groupSize } = quantization
  for (const tensor of tensors) {
    if (!tensor.name.endsWith('.qweight')) continue
    const stem = tensor.name.slice(0, -'qweight'.length)
    const [groups, out] = byName.get(`${stem}scales`)?.shape ?? []
    const zeros = byName.get(`${stem}qzeros`)?.shape[1]
    const [rows, columns] = tensor.shape
    if (groups === undefined || out === undefined || rows === undefined || columns === undefined) continue
    const proven = zeros !== undefined && out > 0 ? (zeros * 32) / out : undefined
    const awqBits = out > 0 ? (columns * 32) / out : undefined
    const real = method === 'awq' ? awqBits : proven
    if (bits !== undefined && real !== undefined && real > 0 && real !== bits) {
      return [`${path} says ${bits} bits, but ${tensor.name} is packed at ${Number(real.toFixed(2))}.`]
    }
    const inner = method === 'awq' ? rows : bits === undefined ? undefined : (rows * 32) / bits
    if (groupSize === undefined || inner === undefined || groups === 0) continue
    const expected = groupSize === -1 ? 1 : Math.ceil(inner / groupSize)
    if (expected !== groups) {
      return [
        `${path} says groups of ${groupSize === -1 ? 'a whole column' : groupSize}, which gives ${expected}, but ${stem}scales has ${groups}.`,
      ]
    }
  }
  return []
}
