import { Buffer } from 'node:buffer'

/** Universal binary JSON as XGBoost writes it: 64-bit lengths, typed arrays for `Float32Array` and `Int32Array`. */
export function ubjsonBytes(value: unknown): Buffer {
  if (value === null) return Buffer.from('Z')
  if (typeof value === 'boolean') return Buffer.from(value ? 'T' : 'F')
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5, 'l')
    bytes.writeInt32BE(value, 1)
    return bytes
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), sized(value)])
  if (value instanceof Float32Array || value instanceof Int32Array) {
    const float = value instanceof Float32Array
    const data = Buffer.alloc(value.length * 4)
    value.forEach(
      (each: number, index: number) =>
        void (float ? data.writeFloatBE(each, index * 4) : data.writeInt32BE(each, index * 4)),
    )
    return Buffer.concat([Buffer.from(float ? '[$d#' : '[$l#'), length(value.length), data])
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('['), ...value.map(ubjsonBytes), Buffer.from(']')])
  const members = Object.entries(value as object).flatMap(([key, each]) => [sized(key), ubjsonBytes(each)])
  return Buffer.concat([Buffer.from('{'), ...members, Buffer.from('}')])
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([length(bytes.length), bytes])
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(9, 'L')
  bytes.writeBigInt64BE(BigInt(value), 1)
  return bytes
}

/** A small XGBoost model. */
export function plainXgboost(objective = 'reg:squarederror'): Buffer {
  return ubjsonBytes({
    learner: {
      attributes: {},
      gradient_booster: {
        model: {
          trees: [{ base_weights: new Float32Array([0.5, -1, 2]), left_children: new Int32Array([1, -1, -1]) }],
        },
        name: 'gbtree',
      },
      objective: { name: objective },
    },
    version: [2, 1, 0],
  })
}
