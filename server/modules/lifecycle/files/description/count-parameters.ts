import type { Quantization, TensorEntry, Weights } from './marker.ts'

/** Numbers that belong to packed weights: scales, zero points, tables. They are no parameters of the model. */
const helpers =
  /\.(qzeros|scales|biases|g_idx|absmax|quant_map|nested_absmax|nested_quant_map|SCB|weight_scale|weight_scale_inv|weight_scale_2|weight_zero_point|weight_global_scale|weight_shape|weight_g_idx|input_scale|input_global_scale|k_scale|v_scale)$|\.quant_state\.|_scales$/

/**
 * Parameters of a model, also where several of them are packed into one number. Undefined when weights are packed and the head lists
 * only a part of its tensors, or when nothing says into how many bits.
 */
export function countParameters(
  weights: readonly Weights[],
  quantization: Quantization | undefined,
): number | undefined {
  const packed = weights.some(({ tensors }) => tensors.some((tensor) => isPacked(tensor, quantization)))
  if (!packed) {
    const sum = weights.reduce((total, file) => total + file.elements, 0)
    return sum > 0 && Number.isSafeInteger(sum) ? sum : undefined
  }
  let sum = 0
  for (const file of weights) {
    if (file.tensors.length < file.tensorCount) return undefined
    for (const tensor of file.tensors) {
      const elements = tensor.shape.reduce((product, size) => product * size, 1)
      if (!isPacked(tensor, quantization)) {
        sum += isHelper(tensor) ? 0 : elements
        continue
      }
      const bits = quantization?.bits
      if (bits === undefined) return undefined
      sum += Math.round((elements * (widths[tensor.dtype] ?? 8)) / bits)
    }
  }
  return sum > 0 && Number.isSafeInteger(sum) ? sum : undefined
}

/** Bits of the whole numbers that weights are packed into. */
export const widths: Readonly<Record<string, number>> = { U8: 8, I8: 8, I16: 16, U16: 16, I32: 32, U32: 32 }

const isHelper = (tensor: TensorEntry) => helpers.test(tensor.name)

/** True for a tensor of which each number holds several weights. */
export function isPacked({ name, dtype }: TensorEntry, quantization: Quantization | undefined): boolean {
  if (isHelper({ name, dtype, shape: [] })) return false
  if (/\.qweight$|\.weight_packed$|_blocks$/.test(name)) return dtype in widths
  if (!name.endsWith('.weight')) return false
  if (quantization?.method === 'bitsandbytes') return quantization.bits === 4 && dtype === 'U8'
  if (quantization?.method === 'mlx') return dtype === 'U32'
  return quantization?.method === 'modelopt' && quantization.bits === 4 && dtype === 'U8'
}
