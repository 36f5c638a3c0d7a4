import { invalid } from '../../../../kernel/index.ts'
import { isSafeName } from '../safe-path.ts'

/**
 * The name a file is kept under: what a person gave, else `filename*` (RFC 6266, RFC 8187) of Content-Disposition, else `filename`,
 * else the last part of the path. Only its last part counts, however it was written. Throws `invalid` `bad_file_name` for a name that
 * cannot be kept: reserved, with control characters, or longer than 255 bytes.
 */
export function fileNameOf(given: string | undefined, disposition: string | undefined, url: URL): string {
  if (given !== undefined) return safe(given, false)
  const header = disposition === undefined || disposition.length > 4_096 ? '' : disposition
  const stated = extended(header) ?? plain(header)
  if (stated !== undefined && stated !== '') return safe(stated, true)
  return safe(decode(url.pathname), true)
}

function safe(name: string, stripFolders: boolean): string {
  const base = stripFolders ? (name.split(/[/\\]/).findLast((part) => part !== '') ?? '') : name
  if (isSafeName(base)) return base
  throw invalid(
    'bad_file_name',
    base === ''
      ? 'Neither the address nor its answer names a file.'
      : `The file cannot be kept under its name ${JSON.stringify(base.slice(0, 100))}.`,
    'Give a name with fileName: one part, no control characters, 255 bytes at most.',
  )
}

/** `filename*=UTF-8''…`; undefined when it is not there or not in that form. */
function extended(header: string): string | undefined {
  const found = /(?:^|;)\s*filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)/i.exec(header)
  if (found === null) return undefined
  const [, charset = '', text = ''] = found
  if (/^utf-8$/i.test(charset)) return decode(text)
  if (/^iso-8859-1$/i.test(charset)) {
    return text.replaceAll(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  return undefined
}

function plain(header: string): string | undefined {
  const quoted = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1]
  if (quoted !== undefined) return asUtf8(quoted.replaceAll(/\\(["\\])/g, '$1'))
  const token = /(?:^|;)\s*filename\s*=\s*([^;\s"]+)/i.exec(header)?.[1]
  return token === undefined ? undefined : asUtf8(token)
}

/** Header bytes come as Latin-1; most servers mean UTF-8. */
function asUtf8(text: string): string {
  const decoded = new TextDecoder('utf-8').decode(Buffer.from(text, 'latin1'))
  return decoded.includes('\ufffd') ? text : decoded
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
