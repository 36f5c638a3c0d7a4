/** Bits of one element by TensorProto.DataType. Source: onnx.proto3. Strings (8) have no fixed size. */
const bits: readonly (number | undefined)[] = [
  undefined, // UNDEFINED
  32, // FLOAT
  8, // UINT8
  8, // INT8
  16, // UINT16
  16, // INT16
  32, // INT32
  64, // INT64
  undefined, // STRING
  8, // BOOL
  16, // FLOAT16
  64, // DOUBLE
  32, // UINT32
  64, // UINT64
  64, // COMPLEX64
  128, // COMPLEX128
  16, // BFLOAT16
  8, // FLOAT8E4M3FN
  8, // FLOAT8E4M3FNUZ
  8, // FLOAT8E5M2
  8, // FLOAT8E5M2FNUZ
  4, // UINT4
  4, // INT4
  4, // FLOAT4E2M1
  8, // FLOAT8E8M0
  2, // UINT2
  2, // INT2
]

/** Bits of one element of an ONNX data type, or undefined when it has no fixed size or is unknown. */
export function elementBits(dataType: number): number | undefined {
  return bits[dataType]
}
