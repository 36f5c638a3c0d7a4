import type { FileFacts } from '../types.ts'
import type { SafetensorsHeader } from './types.ts'

/** The safetensors facts of a file; undefined when it is not safetensors. */
export function safetensorsHeaderOf(facts: Pick<FileFacts, 'header'>): SafetensorsHeader | undefined {
  return facts.header?.kind === 'safetensors' ? (facts.header as SafetensorsHeader) : undefined
}
