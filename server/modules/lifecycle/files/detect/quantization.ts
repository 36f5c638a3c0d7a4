import { atRoot, type Fact, type Marker, type Quantization } from '../description/marker.ts'
import { asCount, asObject, asText, firstOf, type JsonObject } from '../description/values.ts'

/**
 * How the weights are packed: `quantization_config` of config.json (GPTQ, AWQ, bitsandbytes, FP8, compressed-tensors, MXFP4, MLX), or
 * the file of its own that older exporters (AutoGPTQ, AutoAWQ) and ModelOpt write.
 */
export const quantization: Marker = {
  kind: 'quantization',
  title: 'Quantization configuration',
  reads: atRoot('config.json', 'quantize_config.json', 'quant_config.json', 'hf_quant_config.json'),
  atMost: 4,
  look: async (files, folder) => {
    for (const file of files) {
      const value = await folder.json(file)
      const found = value === null ? undefined : readQuantization(file.path, value)
      if (found !== undefined) return { facts: factsOf(found), structure: { quantization: found } }
    }
    return {}
  },
}

function readQuantization(path: string, value: JsonObject): Quantization | undefined {
  if (path === 'hf_quant_config.json') return readModelOpt(path, value)
  const stated =
    path === 'config.json' ? firstOf(value, ['quantization_config', 'compression_config'], asObject) : value
  if (stated === undefined) return path === 'config.json' ? readMlx(path, value) : undefined
  const groupSize = groupSizeOf(stated['group_size'] ?? stated['q_group_size'])
  const bits = asCount(stated['bits'] ?? stated['w_bit'], 64)
  const method = methodOf(path, stated)
  if (method === 'bitsandbytes') {
    const four = stated['load_in_4bit'] === true
    return {
      path,
      method,
      bits: four ? 4 : stated['load_in_8bit'] === true ? 8 : undefined,
      variant: four ? (asText(stated['bnb_4bit_quant_type']) ?? 'fp4') : undefined,
    }
  }
  if (method === 'compressed-tensors') return readCompressed(path, stated)
  if (method === 'modelopt') return readModelOpt(path, stated)
  if (method === 'fp8' || method === 'fbgemm_fp8') {
    return { path, method: 'fp8', bits: 8, variant: asText(stated['fmt']) ?? asText(stated['activation_scheme']) }
  }
  if (method === 'mxfp4') return { path, method, bits: 4, groupSize: 32 }
  if (method === undefined) return undefined
  const variant = firstOf(stated, ['version', 'checkpoint_format'], asText)?.toLowerCase()
  // GPTQModel: other bits for the modules that a pattern names.
  const mixed = Object.keys(asObject(stated['dynamic']) ?? {}).length > 0
  return { path, method, bits, groupSize, mixed, variant: variant === method ? undefined : variant }
}

/** Older exporters do not name their method: the file or its keys do. */
function methodOf(path: string, stated: JsonObject): string | undefined {
  const named = asText(stated['quant_method'])?.toLowerCase()
  if (named !== undefined) return named
  if (stated['load_in_4bit'] === true || stated['load_in_8bit'] === true) return 'bitsandbytes'
  if (path === 'quantize_config.json' || stated['desc_act'] !== undefined) return 'gptq'
  return path === 'quant_config.json' || stated['w_bit'] !== undefined ? 'awq' : undefined
}

/** The first group of `config_groups` speaks for all. Source: compressed-tensors, quantization/quant_config.py. */
function readCompressed(path: string, stated: JsonObject): Quantization {
  const groups = asObject(stated['config_groups'])
  const first =
    groups === undefined
      ? undefined
      : Object.values(groups)
          .map(asObject)
          .find((one) => one !== undefined)
  const weights = asObject(first?.['weights'])
  return {
    path,
    method: 'compressed-tensors',
    bits: asCount(weights?.['num_bits'], 64),
    groupSize: groupSizeOf(weights?.['group_size']),
    variant: asText(stated['format']) ?? asText(first?.['format']),
  }
}

/** Source: NVIDIA TensorRT Model Optimizer, hf_quant_config.json. */
function readModelOpt(path: string, value: JsonObject): Quantization | undefined {
  const stated = asObject(value['quantization']) ?? value
  const algorithm = asText(stated['quant_algo'])
  if (algorithm === undefined) return undefined
  const bits = /FP4|INT4|W4/i.test(algorithm) ? 4 : /FP8|INT8|W8/i.test(algorithm) ? 8 : undefined
  return { path, method: 'modelopt', bits, groupSize: groupSizeOf(stated['group_size']), variant: algorithm }
}

/** Source: mlx-lm, `quantization` of config.json. */
function readMlx(path: string, value: JsonObject): Quantization | undefined {
  const stated = asObject(value['quantization'])
  const bits = asCount(stated?.['bits'], 64)
  return bits === undefined ? undefined : { path, method: 'mlx', bits, groupSize: groupSizeOf(stated?.['group_size']) }
}

const groupSizeOf = (value: unknown) => (value === -1 ? -1 : asCount(value, 2 ** 20))

function factsOf(found: Quantization): Fact[] {
  const source = found.path
  return [
    { key: 'quantization', value: [found.method, found.variant].filter(Boolean).join(' '), source },
    { key: 'quantizationBits', value: found.bits, source },
    { key: 'quantizationGroupSize', value: found.groupSize, source },
  ]
}
