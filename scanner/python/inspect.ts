import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { baseName } from '../path.ts'
import { sweepText } from '../text/sweep.ts'
import { analyzePython } from './analyze.ts'
import { NotPython } from './tokens.ts'
import type { CallKind, CallTime, PythonHeader } from './types.ts'

/** Source files stay far below; a larger one is data. */
const maxSource = 2 * 1024 * 1024

/** A code of observation for each kind of call and time; null where the call is usual in code of models. */
const codes: Readonly<Record<CallKind, Readonly<Record<CallTime, string | null>>>> = {
  process: { import: 'python.import-process', function: 'python.call-process' },
  code: { import: 'python.import-code', function: 'python.call-code' },
  'hidden-code': { import: 'python.import-hidden-code', function: 'python.call-hidden-code' },
  native: { import: 'python.import-native', function: 'python.call-native' },
  unpickle: { import: 'python.import-unpickle', function: 'python.call-unpickle' },
  'load-weights': { import: 'python.import-load-weights', function: 'python.call-load-weights' },
  send: { import: 'python.import-network', function: 'python.call-send' },
  fetch: { import: 'python.import-network', function: 'python.call-fetch' },
  write: { import: 'python.import-write', function: null },
  remove: { import: 'python.import-remove', function: 'python.call-remove' },
  'hidden-name': { import: 'python.import-hidden-name', function: 'python.call-hidden-name' },
  sensitive: { import: 'python.sensitive', function: 'python.sensitive' },
  exfiltrate: { import: 'python.exfiltrate', function: 'python.exfiltrate' },
  'remote-code': { import: 'python.remote-code', function: 'python.remote-code' },
}

const whenWords: Readonly<Record<CallTime, string>> = {
  import: 'when it is imported',
  function: 'when one of its functions is called',
}

/** Reads Python source in full and follows its names. Declines text that only begins like Python, unless the name promises it. */
export function inspectPython(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, path, observe, cover } = context
  const end = offset + length
  const named = /\.py[wi]?$/i.test(path)
  const header: PythonHeader = { kind: 'python', imports: [], calls: [], parsed: false }
  if (length > maxSource) {
    if (!named) return undefined
    observe({ code: 'scan.limit', offset, detail: `${length} bytes of Python, at most ${maxSource} are read` })
    return { header, end }
  }
  const bytes = reader.read(offset, length)
  const torchScript = /(^|\/)code\//.test(path) && bytes.includes(0x5f)
  const text = new TextDecoder().decode(bytes)
  if (!named && !sweepText({ ...context, observe: () => undefined })) return undefined
  let parsed = true
  try {
    const found = analyzePython(text, 0, torchScript && text.includes('__torch__'))
    header.imports = found.imports.map((name) => escapeText(name, 120))
    header.calls = found.calls.map((call) => ({
      ...call,
      name: escapeText(call.name, 120),
      offset: offset + call.offset,
    }))
  } catch (error) {
    if (!(error instanceof NotPython) && !(error instanceof RangeError)) throw error
    if (!named) return undefined
    parsed = false
    observe({
      code: 'python.syntax',
      offset: error instanceof NotPython ? offset + error.at : offset,
      detail: error instanceof NotPython ? error.message : 'expressions nest too deep',
    })
    noteCoarsely(text, context)
  }
  header.parsed = parsed
  noteEncoding(text, context)
  for (const call of header.calls) {
    const code = codes[call.kind][call.time]
    if (code === null) continue
    observe({ code, offset: call.offset, evidence: call.name, detail: `${call.name} ${whenWords[call.time]}` })
  }
  if (sweepText(context) && parsed) cover(offset, length, 'parsed')
  return { header, end }
}

/** A cookie in the first two lines says how the bytes become text: some encodings hide code from whoever reads it. PEP 263. */
function noteEncoding(text: string, { offset, path, observe }: InspectContext): void {
  const match = /^[^\n]{0,200}(?:\n[^\n]{0,200})?/.exec(text)?.[0].match(/^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m)
  const encoding = match?.[1]?.toLowerCase().replaceAll('_', '-')
  if (
    encoding === undefined ||
    /^(utf-?8(-sig|-unix)?|ascii|us-ascii|latin-?1|iso-?8859-?\d+|cp125\d|windows-125\d)$/.test(encoding)
  )
    return
  observe({
    code: 'python.encoding',
    offset,
    member: baseName(path),
    evidence: encoding,
    detail: escapeText(encoding, 40),
  })
}

const grave =
  /\b(?:os\.(?:system|popen|exec[lv]\w*)|subprocess\.(?:Popen|run|call|check_\w+|getoutput)|exec|eval|__import__|pickle\.loads?|marshal\.loads|socket\.socket|urlopen|ctypes\.CDLL)\s{0,8}\(/

/** What stands in source that could not be followed: another version of Python may read it. */
function noteCoarsely(text: string, { offset, observe }: InspectContext): void {
  const match = grave.exec(text)
  if (match !== null)
    observe({
      code: 'python.unfollowed',
      offset: offset + match.index,
      evidence: text.slice(match.index, match.index + 120),
    })
}
