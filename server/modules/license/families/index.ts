import type { License, LicenseFamily } from '../license-family.ts'
import { apple } from './apple.ts'
import { byName } from './by-name.ts'
import { creativeCommons } from './creative-commons.ts'
import { data } from './data.ts'
import { deepseek } from './deepseek.ts'
import { fileLevel } from './file-level.ts'
import { gemma } from './gemma.ts'
import { gnuFamily } from './gnu.ts'
import { knownText } from './known-text.ts'
import { llama } from './llama.ts'
import { openrail } from './openrail.ts'
import { permissive } from './permissive.ts'
import { polyform } from './polyform.ts'
import { qwen } from './qwen.ts'

/** Every license family; one line each. */
export const families: readonly LicenseFamily[] = [
  permissive,
  creativeCommons,
  llama,
  gemma,
  qwen,
  deepseek,
  openrail,
  gnuFamily,
  fileLevel,
  data,
  polyform,
  apple,
  knownText,
  byName,
]

export const licenses: readonly License[] = families.flatMap((family) => family.licenses)
