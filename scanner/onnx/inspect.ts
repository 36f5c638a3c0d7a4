import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { intOf, type Message, messagesOf, textOf } from '../protobuf/types.ts'
import { type Walk, walkProtobuf } from '../protobuf/walk.ts'
import { createDataClaims } from '../repository/data-claims.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import { checkTensor } from './check-tensor.ts'
import { gradeOp } from './ops.ts'
import { onnxSchema } from './schema.ts'
import type { OnnxHeader } from './types.ts'

const maxKinds = 5000
const maxListed = 200

type Use = { domain: string; opType: string; count: number; offset: number; node: string }

/** Reads an ONNX model in full: operators by domain and name, where weights lie, what the metadata holds. Tensor bytes are not read. */
export function inspectOnnx(context: InspectContext): Inspected {
  const uses = new Map<string, Use>()
  const functions = new Set<string>()
  const externalFiles = new Set<string>()
  const claims = createDataClaims()
  let initializers = 0
  let nodes = 0

  function leave(message: Message): void {
    switch (message.type) {
      case 'Node': {
        nodes += 1
        noteUses(message, uses, context)
        break
      }
      case 'Function': {
        for (const name of message.texts.get('name') ?? [])
          for (const domain of message.texts.get('domain') ?? [''])
            if (functions.size < maxKinds) functions.add(`${domain}::${name}`)
        break
      }
      case 'Tensor': {
        if (message.field === 'initializer') initializers += 1
        checkTensor(message, context, externalFiles, claims)
        break
      }
      case 'Attribute': {
        // Numbers of an attribute have no shape to prove them by, only that they are whole numbers of four bytes each.
        for (const range of message.ranges.get('floats') ?? []) context.cover(range.offset, range.length, 'tensor')
        break
      }
      default:
    }
  }

  const read = (): Walk => {
    try {
      return walkProtobuf(context, { schema: onnxSchema, root: 'Model', malformed: 'onnx.malformed', leave })
    } finally {
      // Also when the time is up.
      for (const use of uses.values()) judgeUse(use, functions, context)
    }
  }
  const { root, end, whole } = read()
  for (const entry of messagesOf(root, 'metadata')) checkMetadata(entry, context)
  if (whole && !root.counts.has('graph') && !root.counts.has('function'))
    context.observe({ code: 'onnx.malformed', offset: context.offset, detail: 'there is no graph' })

  const header: OnnxHeader = {
    kind: 'onnx',
    irVersion: intOf(root, 'irVersion'),
    producer: textOf(root, 'producerName').slice(0, 200),
    producerVersion: textOf(root, 'producerVersion').slice(0, 200),
    opsets: messagesOf(root, 'opset')
      .slice(0, 32)
      .map((opset) => ({ domain: textOf(opset, 'domain').slice(0, 200), version: intOf(opset, 'version') })),
    nodes,
    initializers,
    operators: Object.fromEntries(
      [...uses.values()]
        .slice(0, maxListed)
        .map(({ domain, opType, count }) => [(domain === '' ? opType : `${domain}::${opType}`).slice(0, 200), count]),
    ),
    externalFiles: [...externalFiles],
    functions: [...functions].slice(0, 100).map((name) => name.slice(0, 200)),
  }
  return { header, end, claims: claims.finish() }
}

/** A field that is given twice is read differently by different readers, so every value counts. */
function noteUses(node: Message, uses: Map<string, Use>, context: InspectContext): void {
  for (const opType of node.texts.get('opType') ?? ['']) {
    for (const domain of node.texts.get('domain') ?? ['']) {
      const key = `${domain}::${opType}`
      const known = uses.get(key)
      if (known !== undefined) known.count += 1
      else if (uses.size < maxKinds)
        uses.set(key, { domain, opType, count: 1, offset: node.range.offset, node: textOf(node, 'name') })
      else context.observe({ code: 'scan.limit', offset: node.range.offset, detail: `more than ${maxKinds} operators` })
    }
  }
}

const codes = {
  contributed: 'onnx.op-contributed',
  engine: 'onnx.op-engine',
  python: 'onnx.op-python',
  extension: 'onnx.op-extension',
  custom: 'onnx.op-custom',
}

function judgeUse(use: Use, functions: ReadonlySet<string>, { observe }: InspectContext): void {
  const { domain, opType, offset, node, count } = use
  const grade = gradeOp(domain, opType)
  if (grade === 'standard') return
  // A function's body is in the model and was read like any other node.
  if (grade !== 'python' && functions.has(`${domain}::${opType}`)) return
  const name = domain === '' ? opType : `${domain}::${opType}`
  observe({
    code: codes[grade],
    offset,
    ...(node === '' ? {} : { member: node }),
    evidence: escapeText(name),
    detail: `${escapeText(name, 120)}, used ${count === 1 ? 'once' : `${count} times`}`,
  })
}

function checkMetadata(entry: Message, { observe }: InspectContext): void {
  for (const value of entry.texts.get('value') ?? []) {
    const code = looksLikeCode(value)
    if (code === undefined) continue
    observe({
      code: 'onnx.metadata-code',
      offset: entry.range.offset,
      member: textOf(entry, 'key').slice(0, 200),
      evidence: code,
      detail: escapeText(code, 120),
    })
  }
}
