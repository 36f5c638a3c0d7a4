/** How the bytes of an XML document become text. */
export type XmlEncoding = {
  label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'
  /** Bytes of the mark before the text. */
  mark: number
  /** What the declaration says, lower case; '' when it says nothing. */
  declared: string
}

/** The encoding by the mark, the pattern of the first bytes and the declaration. Source: XML 1.0, appendix F. */
export function encodingOf(head: Uint8Array): XmlEncoding {
  const [a = 0, b = 0, c = 0, d = 0] = head
  if (a === 0xff && b === 0xfe) return { label: 'utf-16le', mark: 2, declared: '' }
  if (a === 0xfe && b === 0xff) return { label: 'utf-16be', mark: 2, declared: '' }
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return { label: 'utf-16le', mark: 0, declared: '' }
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return { label: 'utf-16be', mark: 0, declared: '' }
  const mark = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0
  const start = Buffer.from(head.subarray(mark, 512)).toString('latin1')
  const declared = (
    /^\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w.:-]{1,40})["']/i.exec(start)?.[1] ?? ''
  ).toLowerCase()
  const single = mark === 0 && /^(iso-?8859-?1|latin-?1|windows-1252|cp1252|us-ascii|ascii)$/.test(declared)
  return { label: single ? 'latin1' : 'utf-8', mark, declared }
}

/** True for encodings that this reader and every parser read alike. */
export function isUsualEncoding(declared: string): boolean {
  return /^(|utf-?8|utf-?16|utf-16[lb]e|iso-?8859-?1|latin-?1|windows-1252|cp1252|us-ascii|ascii)$/.test(declared)
}
