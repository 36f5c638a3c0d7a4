import { expect, test } from 'vitest'
import { createRateMeter } from './progress-rate.ts'

test('tells the rate at once and the remaining time after 5 s of a steady rate', () => {
  const meter = createRateMeter()
  const at = (second: number) => meter.add({ bytesDone: second * 1_000, bytesTotal: 20_000 }, second * 1_000)
  expect(at(0)).toMatchObject({ rate: null, etaSeconds: null })
  expect(at(1)).toMatchObject({ rate: 1_000, etaSeconds: null })
  for (const second of [2, 3, 4]) expect(at(second).etaSeconds).toBeNull()
  expect(at(5)).toMatchObject({ bytesDone: 5_000, rate: 1_000, etaSeconds: 15 })
})

test('takes the remaining time back when the rate changes', () => {
  const meter = createRateMeter()
  for (let second = 0; second <= 6; second++)
    meter.add({ bytesDone: second * 1_000, bytesTotal: 100_000 }, second * 1_000)
  expect(meter.add({ bytesDone: 26_000 }, 7_000).etaSeconds).toBeNull()
})

test('keeps what a report leaves out, forgets what it takes back, and starts again when the clock or the count goes back', () => {
  const meter = createRateMeter()
  meter.add({ bytesDone: 0, bytesTotal: 10, message: 'reading' }, 1_000)
  expect(meter.add({ bytesDone: 5 }, 2_000)).toMatchObject({ bytesTotal: 10, message: 'reading', rate: 5 })
  expect(meter.add({ bytesDone: 6, message: null }, 500)).toMatchObject({ rate: null, message: null })
  expect(meter.add({ bytesDone: 2 }, 3_000)).toMatchObject({ rate: null })
})
