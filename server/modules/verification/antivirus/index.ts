/** A virus scanner beside ours, where the operator has one: what it found blocks, what it did not find proves nothing. */

export { antivirusOf, readAntivirus } from './antivirus-store.ts'
export { type Antivirus, askAntivirus, type FileToAsk } from './ask-antivirus.ts'
export { antivirusEvidence } from './evidence.ts'
