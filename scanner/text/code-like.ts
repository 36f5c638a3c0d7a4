import { hostileCommand } from '../python/kinds.ts'

/** A call as Python spells it, in a value where no program belongs. */
const call =
  /\b(?:(?:os\.(?:system|popen|exec[lv]p?e?)|subprocess\.(?:Popen|run|call|check_output|check_call|getoutput)|pty\.spawn|importlib\.import_module|builtins\.(?:eval|exec)|(?:pickle|marshal)\.loads)\s{0,4}\(|__import__\s{0,4}\(|(?:eval|exec|compile)\s{0,4}\(\s{0,4}(?:['"]|base64|bytes|codecs|zlib|compile|__import__|open))/
/** The bare name of a callable that runs programs or code, as the whole of a value. */
const name =
  /^(?:(?:os|posix|nt)\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?)|subprocess\.(?:Popen|run|call|check_output|check_call|getoutput)|(?:builtins|__builtin__)\.(?:eval|exec|compile|__import__|getattr)|pty\.spawn|importlib\.import_module|runpy\.run_(?:path|module)|(?:pickle|marshal)\.loads?)$/
/** Members of objects by which Python rebuilds or reaches them; data has no use for such names. */
const inside = /^__(?:reduce|reduce_ex|globals|builtins|import|subclasses|setstate|code)__$/

/** The piece of a value that looks like a call which runs code; undefined when there is none. Linear in the first 64 KiB. */
export function callIn(text: string): string | undefined {
  if (text.length < 6) return undefined
  if (name.test(text)) return text
  const match = text.includes('(') ? call.exec(text.slice(0, 65_536)) : null
  return match === null ? undefined : text.slice(match.index, match.index + 160)
}

/** The same, and commands of shells that no model needs: for data in which no command belongs either. */
export function codeIn(text: string): string | undefined {
  const found = callIn(text)
  if (found !== undefined || text.length < 6) return found
  const match = hostileCommand.exec(text.slice(0, 65_536))
  return match === null ? undefined : text.slice(match.index, match.index + 160)
}

/** True for a key such as `__reduce__`. */
export function isInsideName(key: string): boolean {
  return inside.test(key)
}
