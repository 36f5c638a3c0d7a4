/**
 * The pickle of a state dictionary of one float tensor per storage, in protocol 2, as `torch.save` writes it: an OrderedDict of
 * `torch._utils._rebuild_tensor_v2` calls whose storages are persistent ids.
 */
export function stateDictPickle(keys: readonly string[], elements: number): Buffer {
  const parts: Buffer[] = [Buffer.from([0x80, 2])]
  const put = (...bytes: (number | string | Buffer)[]): void => {
    for (const one of bytes)
      parts.push(
        typeof one === 'number' ? Buffer.from([one]) : typeof one === 'string' ? Buffer.from(one, 'latin1') : one,
      )
  }
  const text = (value: string): Buffer => {
    const length = Buffer.alloc(5)
    length.write('X', 0, 'latin1')
    length.writeUInt32LE(Buffer.byteLength(value), 1)
    return Buffer.concat([length, Buffer.from(value)])
  }
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(5)
    bytes.write('J', 0, 'latin1')
    bytes.writeInt32LE(value, 1)
    return bytes
  }
  put('ccollections\nOrderedDict\n', ')', 'R', '(')
  for (const key of keys) {
    put(text(`layer.${key}.weight`), 'ctorch._utils\n_rebuild_tensor_v2\n', '(', '(', text('storage'))
    put('ctorch\nFloatStorage\n', text(key), text('cpu'), int(elements), 't', 'Q')
    put(int(0), int(elements), 0x85, int(1), 0x85, 0x89)
    put('ccollections\nOrderedDict\n', ')', 'R', 't', 'R')
  }
  put('u', '.')
  return Buffer.concat(parts)
}
