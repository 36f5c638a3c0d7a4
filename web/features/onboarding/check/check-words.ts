import { bytes, dayTime, duration } from '../../../format.ts'

/** The hub writes exact numbers and UTC instants into its sentences; people read sizes, durations and their own clock. */
export const readable = (sentence: string): string =>
  sentence
    .replaceAll(/\b(\d{4,16}) bytes\b/g, (_whole, digits: string) => bytes(Number(digits)))
    .replaceAll(/\b(\d{2,9}) s\b/g, (_whole, digits: string) => duration(Number(digits)))
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (instant) => dayTime(instant))
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28}\b/g, '$1…')
