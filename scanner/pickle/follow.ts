import { Buffer } from 'node:buffer'
import type { InspectContext } from '../define-format.ts'
import { partOf } from '../nested/part-of.ts'
import { type Reader, readerOf } from '../reader.ts'
import { textOf } from './conditions.ts'
import { trackArrays } from './joblib-arrays.ts'
import { lookedAt, lookNested, type NestedPickle } from './look-nested.ts'
import { createMachine, forkMachine, type Machine } from './machine.ts'
import { createPerformer } from './perform.ts'
import { runStream } from './run-stream.ts'
import { maxStorages, type StorageReference, storageOf } from './storages.ts'
import type { StreamEnd, StreamHooks } from './types.ts'
import { createUses, type Uses } from './uses.ts'
import { BYTES, GLOBAL, kindOf, PERSISTENT, payloadOf, TUPLE, type Value, valueOf } from './values.ts'
import { isOpcode } from './walk-head.ts'

export type FollowContext = Pick<InspectContext, 'observe' | 'cover' | 'budget' | 'nested'> & {
  /** The part alone; its offsets begin at 0. */
  reader: Reader
  /** Where the part begins in the file. */
  offset: number
}

/** One unpickler over the streams of a part, and what they refer to. */
export type Follower = {
  machine: Machine
  uses: Uses
  storages: Map<string, StorageReference>
  /** Follows the stream that begins at `start`, counted from the start of the part, and accounts for its bytes. */
  follow: (start: number) => StreamEnd
  /** Texts of the streams followed while it is set, in the order of appearance. */
  texts: string[] | undefined
  /** Arrays that joblib wrote into the streams. */
  arrays: number
}

const maxDepth = 8
const keptBytes = 64
/** Each is inspected as a file of its own. */
const maxConstants = 2_000
const maxDecoded = 8 * 1024 * 1024
const maxTexts = 200_000
/** Opcodes that an array is followed for; honest ones are none after a few bytes. */
const maxForked = 20_000
/** What opcodes do that data read as opcodes does not do by chance. */
const acts = /^pickle\.(call-|reference|computed|change|method|hook|torchscript)/

export function createFollower(context: FollowContext, depth: number = 0): Follower {
  const { reader, offset: base } = context
  const machine = createMachine(reader, 0)
  const uses = createUses(machine.heap, base)
  const storages = new Map<string, StorageReference>()
  const arrays = trackArrays(machine)
  /** The latest byte strings, by their number. */
  const latest = new Map<number, { offset: number; length: number }>()
  const inspected = new Map<number, { format: string; complete: boolean }>()
  let bytesSeen = 0
  let constants = 0
  let raw: { from: number; to: number }[] = []

  const performer = createPerformer(machine, uses, { heap: machine.heap, input: machine.input, torchBytes })

  function inspectConstant(offset: number, length: number, how: NestedPickle): void {
    if (++constants > maxConstants) {
      uses.note('scan.limit', offset, () => `more than ${maxConstants} constants that are pickles`)
      return
    }
    const name = `constant at ${base + offset}`
    if (how === 'bytes') {
      const facts = context.nested({ name, reader: partOf(reader, offset, length), offset: base + offset })
      keep(offset, facts)
      if (facts.format !== 'pickle') return
    } else {
      const text = Buffer.from(machineBytes(offset, Math.min(length, maxDecoded))).toString('latin1')
      const decoded = Buffer.from(text.replaceAll(/\s/g, ''), how)
      if (!context.budget.unpack(decoded.length)) return
      context.nested({ name: `${name} (${how})`, reader: readerOf(decoded) })
    }
    uses.note('pickle.nested', offset, () => (how === 'bytes' ? `${length} bytes` : `${length} characters of ${how}`))
  }

  function machineBytes(offset: number, length: number): Uint8Array {
    return Buffer.concat(
      Array.from({ length: Math.ceil(length / 65_536) }, (_none, i) =>
        reader.read(offset + i * 65_536, Math.min(65_536, length - i * 65_536)),
      ),
    )
  }

  function keep(offset: number, { format, complete }: { format: string; complete: boolean }): void {
    // Asked for by the call right behind the constant.
    if (inspected.size >= keptBytes) inspected.clear()
    inspected.set(offset, { format, complete })
  }

  /** torch.load on bytes: allowed for what is a torch file by content and was read in full. */
  function torchBytes(value: Value): boolean {
    const place = latest.get(payloadOf(value))
    if (place === undefined) return false
    const { offset, length } = place
    const facts =
      inspected.get(offset) ??
      context.nested({
        name: `constant at ${base + offset}`,
        reader: partOf(reader, offset, length),
        offset: base + offset,
      })
    keep(offset, facts)
    return facts.complete && (facts.format === 'torch-legacy' || facts.format === 'zip')
  }

  function payload(offset: number, length: number, text: boolean): Value | undefined {
    const how = lookNested(machine.input.peek(offset, Math.min(length, lookedAt)), length)
    if (how !== undefined && (how === 'bytes' || depth < maxDepth)) inspectConstant(offset, length, how)
    if (text) return undefined
    // Numbers are never reused, so that an old value cannot pass for a new one.
    const number = bytesSeen++
    if (number >= 2 ** 27) return undefined
    latest.set(number, { offset, length })
    latest.delete(number - keptBytes)
    return valueOf(BYTES, number)
  }

  function persistent(id: Value, at: number): Value {
    const storage = storageOf(id, machine)
    if (storage !== undefined) {
      if (storages.size < maxStorages || storages.has(storage.key)) storages.set(storage.key, storage)
      else uses.note('scan.limit', at, () => `more than ${maxStorages} storages`)
      return valueOf(PERSISTENT, 0)
    }
    // Old torch files name a class together with its source: the loader gives the class.
    const values = kindOf(id) === TUPLE ? machine.heap.elements(id) : undefined
    const type = values?.[1]
    if (
      type !== undefined &&
      kindOf(type) === GLOBAL &&
      textOf(values?.[0] ?? 0, machine.heap, machine.input) === 'module'
    )
      return type
    uses.note('pickle.persistent', at, () => 'the loader decides what it stands for')
    return valueOf(PERSISTENT, 1)
  }

  function rawBehindBuild(target: Value, state: Value, position: number): number {
    const array = arrays.behind(target, state, position)
    if (array === undefined || array.kind === 'unclear') return 0
    follower.arrays++
    if (array.kind === 'pickle') {
      if (depth >= maxDepth) {
        uses.note('scan.limit', position, () => 'arrays of objects within one another')
        return 0
      }
      const inner = createFollower(context, depth + 1)
      const { end, how } = inner.follow(position)
      for (const seen of inner.uses.observations()) context.observe(seen)
      for (const [key, storage] of inner.storages) storages.set(key, storage)
      raw.push({ from: position, to: end })
      return how === 'stopped' ? end - position : 0
    }
    // joblib takes these bytes as an array; any other unpickler would go on with them as opcodes.
    if (readsAsCode(position))
      uses.note('pickle.array-code', position, () => 'the bytes of an array are opcodes that import')
    const from = position + array.padding
    const to = from + array.length
    // A cut-off array proves nothing about the bytes that are there; the stream breaks here.
    if (to > reader.size) return array.padding + array.length
    context.cover(base + from, to - from, 'tensor')
    raw.push({ from, to })
    return array.padding + array.length
  }

  /**
   * True when the bytes of an array, taken as opcodes, do something. A plain unpickler reads on behind the array with whatever it has by
   * then, so the same is done here, from the state of this stream.
   */
  function readsAsCode(position: number): boolean {
    if (!isOpcode(machine.input.peek(position, 1)[0])) return false
    const fork = forkMachine(machine, reader, position)
    const seen = createUses(machine.heap, base)
    const plainReading: StreamHooks = {
      performer: createPerformer(fork, seen, { heap: fork.heap, input: fork.input, torchBytes: () => false }),
      uses: seen,
      payload: () => undefined,
      persistent: () => valueOf(PERSISTENT, 1),
      rawBehindBuild: () => 0,
    }
    const ended = runStream(fork, position, plainReading, { opcodes: maxForked })
    return ended.reason?.code === 'limit' || seen.observations().some(({ code }) => acts.test(code))
  }

  const hooks: StreamHooks = {
    performer,
    uses,
    payload,
    persistent,
    rawBehindBuild,
    text: (value) => {
      if (follower.texts !== undefined && follower.texts.length < maxTexts)
        follower.texts.push(machine.heap.textOf(value, machine.input) ?? '')
    },
  }

  const follower: Follower = {
    machine,
    uses,
    storages,
    texts: undefined,
    arrays: 0,
    follow: (start) => {
      raw = []
      const ended = runStream(machine, start, hooks)
      let from = start
      for (const gap of raw) {
        context.cover(base + from, gap.from - from, 'parsed')
        from = gap.to
      }
      context.cover(base + from, ended.end - from, 'parsed')
      return ended
    },
  }
  return follower
}
