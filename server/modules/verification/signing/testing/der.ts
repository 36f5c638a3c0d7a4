// As much of DER (X.690) as certificates need.

/** One value: tag, length, content. */
export function tlv(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const digits = body.length.toString(16)
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

export const sequence = (...content: Uint8Array[]) => tlv(0x30, ...content)
export const set = (...content: Uint8Array[]) => tlv(0x31, ...content)
export const octets = (...content: Uint8Array[]) => tlv(0x04, ...content)
export const bits = (content: Uint8Array, unused = 0) => tlv(0x03, Buffer.from([unused]), content)
export const integer = (value: number) => tlv(0x02, Buffer.from([value]))
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text))
export const yes = tlv(0x01, Buffer.from([0xff]))

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return tlv(0x06, Buffer.from(bytes))
}

/** A time as GeneralizedTime. */
export const time = (date: Date) => tlv(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')))
