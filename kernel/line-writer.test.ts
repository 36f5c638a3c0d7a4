import { expect, test } from 'vitest'
import { createLineWriter } from './line-writer.ts'

/** A disk with room for so many bytes. */
function smallDisk(room: number) {
  let text = ''
  const disk = { room, text: () => text }
  const write = (bytes: Uint8Array): number => {
    if (disk.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const part = bytes.subarray(0, disk.room)
    disk.room -= part.length
    text += new TextDecoder().decode(part)
    return part.length
  }
  return { disk, write }
}

test('a full disk drops lines and counts them; when there is room again the log says how many, on a line of its own', () => {
  const { disk, write } = smallDisk(10)
  const log = createLineWriter(write)
  log.write('first\n')
  log.write('second\n')
  log.write('third\n')
  expect(disk.text()).toBe('first\nseco')
  expect(log.dropped()).toBe(2)
  disk.room = 1_000
  log.write('fourth\n')
  expect(disk.text()).toBe('first\nseco\n2 lines before this one could not be written\nfourth\n')
  expect(log.dropped()).toBe(2)
})

test('a closed pipe is nobody\u2019s failure', () => {
  const log = createLineWriter(() => {
    throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' })
  })
  expect(() => log.write('a\n')).not.toThrow()
  expect(log.dropped()).toBe(1)
})

test('a reader that is slow for a moment loses nothing', () => {
  let busy = 3
  let text = ''
  const log = createLineWriter((bytes) => {
    if (busy-- > 0) throw Object.assign(new Error('try again'), { code: 'EAGAIN' })
    text += new TextDecoder().decode(bytes)
    return bytes.length
  })
  log.write('a\n')
  expect(text).toBe('a\n')
  expect(log.dropped()).toBe(0)
})
