import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { defineSchema } from '../protobuf/schema.ts'
import { textOf } from '../protobuf/types.ts'
import { walkProtobuf } from '../protobuf/walk.ts'
import type { FormatHeader } from '../types.ts'

/** The operators of a program. */
export type PaddleHeader = FormatHeader & {
  kind: 'paddle' /** Operators by their number of uses; the first 200. */
  ops: { [type: string]: number }
}

/** Source: Paddle, framework.proto. */
const schema = defineSchema({
  ProgramDesc: '1 blocks BlockDesc, 4 version Version, 5 op_version_map OpVersionMap',
  Version: '1 version int',
  OpVersionMap: '1 pair OpVersionPair*',
  OpVersionPair: '1 op_name text, 2 op_version OpVersion',
  OpVersion: '1 version int',
  BlockDesc: '1 idx int, 2 parent_idx int, 3 vars VarDesc*, 4 ops OpDesc*, 5 forward_block_idx int',
  VarDesc:
    '1 name text, 2 type VarType, 3 persistable int, 4 need_check_feed int, 5 is_parameter int, 6 stop_gradient int, 7 attrs VarAttr',
  VarAttr: '1 name text, 2 type int, 3 i int, 4 s text, 5 ints int',
  VarType:
    '1 type int, 2 selected_rows TensorDesc, 3 lod_tensor LoDTensorDesc, 4 tensor_array LoDTensorDesc, 5 reader Reader, 7 tuple Tuple, 8 string TensorDesc, 9 strings TensorDesc, 10 vocab TensorDesc, 11 sparse_coo TensorDesc',
  Reader: '1 lod_tensor LoDTensorDesc',
  Tuple: '1 element_type int',
  LoDTensorDesc: '1 tensor TensorDesc, 2 lod_level int',
  TensorDesc: '1 data_type int, 2 dims int',
  OpDesc: '1 inputs OpVar*, 2 outputs OpVar*, 3 type text, 4 attrs OpAttr*, 5 is_target int',
  OpVar: '1 parameter text, 2 arguments text',
  OpAttr:
    '1 name text, 2 type int, 3 i int, 4 f fixed32, 5 s text, 6 ints int, 7 floats fixed32, 8 strings text, 10 b int, 11 bools int, 12 block_idx int, 13 l int, 14 blocks_idx int, 15 longs int, 16 float64s fixed64, 17 var_name text, 18 vars_name text, 19 float64 fixed64, 20 scalar Scalar, 21 scalars Scalar',
  Scalar: '1 type int, 2 b int, 3 i int, 4 r fixed64, 5 c Complex',
  Complex: '1 r fixed64, 2 i fixed64',
})

/** Operators that call back into Python, run other programs, or read and write files. */
const dangerous =
  /^(py_func|py_layer|pylayer|run_program|load|load_combine|save|save_combine|create_custom_reader|create_py_reader|read_file|custom_\w+|tensorrt_engine|lite_engine|dlnne_engine|ipu_runtime|read_from_array_file)$/

/** Walks a Paddle program: which operators it has. Its parameters stand in a file of their own. */
export function inspectPaddleProgram(context: InspectContext): Inspected | undefined {
  const { offset, length, observe } = context
  const ops = new Map<string, number>()
  const walk = walkProtobuf(context, {
    schema,
    root: 'ProgramDesc',
    malformed: 'paddle.malformed',
    leave: (message) => {
      if (message.type !== 'OpDesc') return
      const type = textOf(message, 'type')
      if (ops.size < 200 || ops.has(type)) ops.set(type, (ops.get(type) ?? 0) + 1)
      if (dangerous.test(type))
        observe({
          code: 'paddle.operator',
          offset: message.range.offset,
          member: type,
          evidence: type,
          detail: escapeText(type, 60),
        })
    },
  })
  observe({
    code: 'paddle.program',
    offset,
    detail: `${[...ops.values()].reduce((sum, count) => sum + count, 0)} operators`,
  })
  const header: PaddleHeader = {
    kind: 'paddle',
    ops: Object.fromEntries([...ops].map(([type, count]) => [escapeText(type, 60), count])),
  }
  return { header, end: walk.whole ? offset + length : Math.max(walk.end, offset + 1) }
}
