import { createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { createFlatReader, FlatBroken } from '../flatbuffers/reader.ts'
import { hasAt } from '../probe.ts'
import type { FormatHeader } from '../types.ts'

export type ExecutorchHeader = FormatHeader & {
  kind: 'executorch'
  version: number
  methods: string[]
  /** Back ends whose compiled code the program carries; the first 32. */
  backends: string[]
  programBytes?: number
}

/**
 * Reads the frame of an ExecuTorch program: its methods and the back ends it hands compiled code to. The code itself is not read, so the
 * file stays incomplete. Source: executorch schema/program.fbs, extended_header.h.
 */
export function inspectExecutorch(context: InspectContext): Inspected {
  const { reader, offset, length, observe } = context
  const end = offset + length
  const header: ExecutorchHeader = { kind: 'executorch', version: 0, methods: [], backends: [] }
  observe({ code: 'executorch.uninspected', offset, detail: 'programs and weights were not read' })
  try {
    // Behind the identifier an extended header may say where the program ends and the segments begin.
    if (hasAt(reader.read(offset, 12), 8, 'eh')) {
      const cursor = createCursor(reader, offset + 12, end)
      const headerLength = cursor.u32()
      const programBytes = cursor.u64()
      const segments = cursor.u64()
      header.programBytes = programBytes
      if (headerLength > 64 || programBytes > length || segments > length)
        observe({
          code: 'executorch.malformed',
          offset,
          detail: `a program of ${programBytes} bytes, segments at ${segments} of ${length}`,
        })
    }
    const flat = createFlatReader(context)
    const program = flat.root()
    const version = program.field(0)
    if (version !== undefined) header.version = flat.u32(version)
    for (const plan of flat.tables(program.field(1))) {
      if (header.methods.length < 32) header.methods.push(flat.text(plan.field(0)).slice(0, 100))
      for (const delegate of flat.tables(plan.field(7))) {
        const id = flat.text(delegate.field(0)).slice(0, 100)
        if (header.backends.length < 32 && !header.backends.includes(id)) header.backends.push(id)
      }
    }
    flat.finish()
  } catch (error) {
    if (!(error instanceof FlatBroken) && !(error instanceof PastEnd)) throw error
    observe({ code: 'executorch.malformed', offset: error.offset, detail: error.message })
  }
  return { header, end }
}
