/** Bytes of one element by DataType. Source: types.proto; half bytes are stored in one byte each. */
const bytes: ReadonlyMap<number, number> = new Map([
  [1, 4], // FLOAT
  [2, 8], // DOUBLE
  [3, 4], // INT32
  [4, 1], // UINT8
  [5, 2], // INT16
  [6, 1], // INT8
  [8, 8], // COMPLEX64
  [9, 8], // INT64
  [10, 1], // BOOL
  [11, 1], // QINT8
  [12, 1], // QUINT8
  [13, 4], // QINT32
  [14, 2], // BFLOAT16
  [15, 2], // QINT16
  [16, 2], // QUINT16
  [17, 2], // UINT16
  [18, 16], // COMPLEX128
  [19, 2], // HALF
  [22, 4], // UINT32
  [23, 8], // UINT64
  [24, 1], // FLOAT8_E5M2
  [25, 1], // FLOAT8_E4M3FN
  [29, 1], // INT4
  [30, 1], // UINT4
])

/** Bytes of one element of a TensorFlow data type; undefined for strings, resources, variants and unknown types. */
export function elementBytes(dataType: number): number | undefined {
  return bytes.get(dataType)
}
