const named: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int4: 1,
  uint4: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3b11fnuz: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
}

/** Bytes of one item of a NumPy type by its name or code, such as `float32` or `<f4`; undefined for others, objects among them. */
export function itemBytes(dtype: string): number | undefined {
  if (Object.hasOwn(named, dtype)) return named[dtype]
  const match = /^[|<>=]?([bBiufcSU?])(\d{1,4})?$/.exec(dtype)
  if (match === null) return undefined
  if (match[1] === '?' || match[2] === undefined) return match[1] === '?' ? 1 : undefined
  return Number(match[2]) * (match[1] === 'U' ? 4 : 1)
}
