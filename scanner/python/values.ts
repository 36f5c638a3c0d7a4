import { Buffer } from 'node:buffer'
import { decoders, fetchers } from './kinds.ts'

/** What an expression is known to be. Nothing known is an empty object. */
export type Value = {
  /** A dotted name with its imports followed: `os.system`, `requests.Session().post`. */
  ref?: string
  text?: string
  number?: number
  items?: Value[]
  /** Made by decoding, or fetched: such code is hidden from whoever reads the source. */
  hidden?: 'decoded' | 'fetched'
  /** A function or class of the file itself, an instance of it, or, with the attribute, what belongs to it. */
  local?: string
  attribute?: string
}

/** Text that is put together may be long, since it costs little; what is turned around or replaced is a name, or hides one. */
const maxText = 256 * 1024
const maxFolded = 8 * 1024

/** The sum of two values, as far as known. */
export function added(a: Value, b: Value): Value {
  const hidden = a.hidden ?? b.hidden
  if (a.text !== undefined && b.text !== undefined && a.text.length + b.text.length <= maxText)
    return { text: a.text + b.text, ...(hidden === undefined ? {} : { hidden }) }
  if (a.items !== undefined && b.items !== undefined && a.items.length + b.items.length <= 1024)
    return { items: [...a.items, ...b.items] }
  return hidden === undefined ? {} : { hidden }
}

/** What a subscript gives, where it is text turned around. */
export function sliced(value: Value, subscript: string): Value {
  if (value.text !== undefined && value.text.length <= maxFolded && subscript === '::-1')
    return { text: Array.from(value.text).reverse().join('') }
  return value.hidden === undefined ? {} : { hidden: value.hidden }
}

/** What a call gives of constants: names are put together this way to hide them. */
export function folded(callee: Value, owner: Value | undefined, method: string, args: readonly Value[]): Value {
  const name = callee.ref ?? ''
  const first = args[0]
  if (name === 'builtins.chr' && first?.number !== undefined && first.number >= 0 && first.number < 0x110000)
    return { text: String.fromCodePoint(first.number) }
  if (/^builtins\.(bytes|bytearray)$/.test(name) && first?.items !== undefined) {
    const numbers = first.items.map((item) => item.number)
    if (numbers.every((number) => number !== undefined && number >= 0 && number < 256))
      return { text: String.fromCharCode(...numbers.slice(0, 1024).map((number) => number ?? 0)), hidden: 'decoded' }
    return { hidden: 'decoded' }
  }
  if (/^builtins\.(str|bytes|bytearray|memoryview|reversed|list|tuple|iter|next)$/.test(name) && first !== undefined)
    return {
      ...(first.text === undefined ? {} : { text: first.text }),
      ...(first.hidden === undefined ? {} : { hidden: first.hidden }),
    }
  if (decoders.has(name)) return { ...decoded(name, args), hidden: first?.hidden ?? 'decoded' }
  if (fetchers.test(name)) return { ref: `${name}()`, hidden: 'fetched' }
  if (owner?.text !== undefined) {
    const text = onText(owner.text, method, args)
    if (text !== undefined) return { text, ...(owner.hidden === undefined ? {} : { hidden: owner.hidden }) }
  }
  const hidden = owner?.hidden
  if (callee.local !== undefined && callee.attribute === undefined) return { local: callee.local }
  return { ...(name === '' ? {} : { ref: `${name}()` }), ...(hidden === undefined ? {} : { hidden }) }
}

function onText(text: string, method: string, args: readonly Value[]): string | undefined {
  const [first, second] = args
  if (text.length > maxFolded || (first?.text?.length ?? 0) > maxFolded) return undefined
  if (method === 'join') {
    const parts = first?.items?.map((item) => item.text) ?? (first?.text === undefined ? [] : Array.from(first.text))
    const known = parts.filter((part) => part !== undefined)
    // Text that multiplies is a bomb, not a name.
    const length = known.reduce((sum, part) => sum + part.length + text.length, 0)
    return parts.length > 0 && known.length === parts.length && length <= maxFolded ? known.join(text) : undefined
  }
  if (method === 'replace' && first?.text !== undefined && second?.text !== undefined && first.text !== '') {
    const { text: by } = second
    return text.length * (by.length + 1) <= maxFolded ? text.replaceAll(first.text, () => by) : undefined
  }
  if (method === 'lower') return text.toLowerCase()
  if (method === 'upper') return text.toUpperCase()
  if (method === 'strip') return text.trim()
  return /^(encode|decode|format|title|lstrip|rstrip|ljust|swapcase)$/.test(method) ? text : undefined
}

function decoded(name: string, args: readonly Value[]): Value {
  const text = args[0]?.text
  if (text === undefined || text.length > maxFolded) return {}
  const turned = (encoding: 'base64' | 'hex'): Value => ({ text: Buffer.from(text, encoding).toString('latin1') })
  if (/b64|base64|decodebytes|decodestring/.test(name)) return turned('base64')
  if (/fromhex|unhexlify|a2b_hex|b16/.test(name)) return turned('hex')
  if (name === 'codecs.decode' && args[1]?.text === 'rot13') return { text: rot13(text) }
  if (name === 'codecs.decode' && args[1]?.text === 'hex') return turned('hex')
  return {}
}

function rot13(text: string): string {
  return text.replaceAll(/[a-zA-Z]/g, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}
