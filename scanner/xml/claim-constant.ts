import type { DataClaims } from '../repository/data-claims.ts'

/** Bits of one element. Source: openvino, element_type.hpp; strings have no fixed size. */
const bits: ReadonlyMap<string, number> = new Map([
  ...['f64', 'i64', 'u64'].map((type): [string, number] => [type, 64]),
  ...['f32', 'i32', 'u32'].map((type): [string, number] => [type, 32]),
  ...['f16', 'bf16', 'i16', 'u16'].map((type): [string, number] => [type, 16]),
  ...['i8', 'u8', 'boolean', 'f8e4m3', 'f8e5m2', 'f8e8m0'].map((type): [string, number] => [type, 8]),
  ...['i4', 'u4', 'nf4', 'f4e2m1'].map((type): [string, number] => [type, 4]),
  ['u2', 2],
  ['u1', 1],
])

/**
 * The values of a constant of an OpenVINO graph lie in the file of the same name that ends in `.bin`. Claimed only when shape and type
 * make the size that is stated. Source: OpenVINO IR, layer `Const`.
 */
export function claimConstant(data: Readonly<Record<string, string>>, claims: DataClaims): void {
  const { element_type: type = '', shape = '', offset = '', size = '' } = data
  const each = bits.get(type)
  if (each === undefined || !/^\d{1,15}$/.test(offset) || !/^\d{1,15}$/.test(size) || shape.length > 400) return
  const dims = shape.trim() === '' ? [] : shape.split(',').map((dim) => dim.trim())
  if (!dims.every((dim) => /^\d{1,15}$/.test(dim))) return
  const elements = dims.reduce((product, dim) => product * Number(dim), 1)
  if (Math.ceil((elements * each) / 8) === Number(size)) claims.add('*.bin', Number(offset), Number(size))
}
