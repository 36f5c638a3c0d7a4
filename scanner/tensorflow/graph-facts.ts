import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { type Message, messageOf, messagesOf, textOf } from '../protobuf/types.ts'
import { gradeTensorflowOp, operatorCodes } from './ops.ts'

const maxKinds = 10_000
const maxRemembered = 20_000
const maxHops = 16

type Use = { count: number; offset: number; node: string }
type FileUse = { op: string; offset: number; node: string; source: string }

/** What the nodes of all graphs of a file say, gathered while they go by and judged at the end. */
export type GraphFacts = {
  node: (node: Message) => void
  function: (definition: Message) => void
  /** Notes what was found. */
  finish: () => void
  nodes: () => number
  functions: () => number
  operators: () => ReadonlyMap<string, Use>
}

/** Where an operator takes the name of a file from, by the place among its inputs. */
const fileInputs: ReadonlyMap<string, number> = new Map([
  ['Save', 0],
  ['SaveV2', 0],
  ['SaveSlices', 0],
  ['Restore', 0],
  ['RestoreV2', 0],
  ['RestoreSlice', 0],
  ['DTensorRestoreV2', 0],
  ['MergeV2Checkpoints', 1],
  ['LoadAndRemapMatrix', 0],
  ['InitializeTableFromTextFile', 1],
  ['InitializeTableFromTextFileV2', 1],
])

/** Operators whose result begins with their first input when they handle names of files. */
const passing: ReadonlySet<string> = new Set([
  'Identity',
  'PlaceholderWithDefault',
  'StringJoin',
  'ShardedFilename',
  'ShardedFilespec',
  'Pack',
  'ExpandDims',
  'Reshape',
  'StopGradient',
])

export function createGraphFacts({ observe }: InspectContext): GraphFacts {
  const uses = new Map<string, Use>()
  const functions = new Set<string>()
  const paths = new Map<string, string>()
  const passed = new Map<string, string>()
  const fileUses: FileUse[] = []
  let nodes = 0

  function node(message: Message): void {
    nodes += 1
    const name = textOf(message, 'name').slice(0, 200)
    const offset = message.range.offset
    // Names are unique within a graph or a function.
    const scope = `${message.parent?.range.offset ?? 0}:`
    const inputs = (message.texts.get('input') ?? []).map((input) => scope + nodeName(input))
    for (const op of message.texts.get('op') ?? ['']) {
      const known = uses.get(op)
      if (known !== undefined) known.count += 1
      else if (uses.size < maxKinds) uses.set(op, { count: 1, offset, node: name })
      else observe({ code: 'scan.limit', offset, detail: `more than ${maxKinds} operators` })
      if (op === 'PrintV2') notePrint(message, name, offset)
      else if (op === 'ImmutableConst' || op === 'LoadLibrary') noteRegion(message, name, offset)
      else if (op === 'Const' || op === 'HostConst') {
        const path = fixedPath(message)
        if (path !== undefined && paths.size < maxRemembered) paths.set(scope + name, path)
      } else if (passing.has(op) && inputs[0] !== undefined && passed.size < maxRemembered)
        passed.set(scope + name, inputs[0])
      const place = fileInputs.get(op)
      const source = place === undefined ? undefined : inputs[place]
      if (source !== undefined && fileUses.length < maxRemembered) fileUses.push({ op, offset, node: name, source })
    }
  }

  function notePrint(message: Message, name: string, offset: number): void {
    const stream = attr(message, 'output_stream')
    const target = stream === undefined ? '' : textOf(stream, 's')
    const code = target.startsWith('file:')
      ? 'tf.op-write'
      : /^(stdout|stderr|log\((info|warning|error)\))$/.test(target)
        ? 'tf.print'
        : 'tf.print-unknown'
    observe({
      code,
      offset,
      member: name,
      evidence: escapeText(`PrintV2 ${target}`.trim()),
      detail: target === '' ? 'PrintV2 without a stated output' : `PrintV2 to ${escapeText(target, 120)}`,
    })
  }

  function noteRegion(message: Message, name: string, offset: number): void {
    const region = textOf(attr(message, 'memory_region_name'), 's')
    if (region !== '')
      observe({
        code: 'tf.fixed-path',
        offset,
        member: name,
        evidence: escapeText(region),
        detail: `ImmutableConst maps ${escapeText(region, 120)}`,
      })
  }

  function judgeUse(op: string, { count, offset, node: name }: Use): void {
    if (op === 'PrintV2' || functions.has(op)) return
    const grade = gradeTensorflowOp(op)
    if (grade === 'plain') return
    observe({
      code: operatorCodes[grade],
      offset,
      ...(name === '' ? {} : { member: name }),
      evidence: escapeText(op),
      detail: `${op === '' ? 'an operator without a name' : escapeText(op, 120)}, used ${count === 1 ? 'once' : `${count} times`}`,
    })
  }

  function finish(): void {
    for (const [op, use] of uses) judgeUse(op, use)
    for (const use of fileUses) {
      let source = use.source
      for (let hop = 0; hop < maxHops && passed.has(source); hop++) source = passed.get(source) ?? source
      const path = paths.get(source)
      if (path !== undefined)
        observe({
          code: 'tf.fixed-path',
          offset: use.offset,
          member: use.node,
          evidence: escapeText(path),
          detail: `${use.op} on ${escapeText(path, 120)}`,
        })
    }
  }

  return {
    node,
    function: (definition) => {
      const name = textOf(messageOf(definition, 'signature'), 'name')
      // A function cannot make a dangerous operator harmless by taking its name.
      if (functions.size < 1_000_000 && ['custom', 'run'].includes(gradeTensorflowOp(name))) functions.add(name)
    },
    finish,
    nodes: () => nodes,
    functions: () => functions.size,
    operators: () => uses,
  }
}

/** `^name` is a control input, `name:0` and `name:output:0` an output. */
function nodeName(input: string): string {
  return input.replace(/^\^/, '').replace(/:.*$/s, '')
}

function attr(node: Message, key: string): Message | undefined {
  for (const entry of messagesOf(node, 'attr')) if (textOf(entry, 'key') === key) return messageOf(entry, 'value')
  return undefined
}

/** The text of a constant when it names a place outside the model. */
function fixedPath(node: Message): string | undefined {
  const values = messageOf(attr(node, 'value'), 'tensor')?.texts.get('stringVal') ?? []
  return values
    .slice(0, 8)
    .find((value) => value.length > 1 && value.length < 1024 && leavesFolder(value) !== undefined)
}
