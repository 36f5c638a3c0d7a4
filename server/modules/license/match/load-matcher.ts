import { licenses } from '../families/index.ts'
import { unpackFingerprints } from './fingerprints.ts'
import { createMatcher, type Matcher } from './match-text.ts'

let loaded: Promise<Matcher> | undefined

/** The matcher over the shipped fingerprints; they are read at the first use, since most starts need none. */
export function loadMatcher(): Promise<Matcher> {
  loaded ??= import('./fingerprint-data.ts').then(({ fingerprintData }) =>
    createMatcher(unpackFingerprints(fingerprintData), licenses),
  )
  return loaded
}
