import { invalid, registry } from '../../../../kernel/index.ts'
import type { FileSourceKind, LocalSourceKind, SourceKind } from '../source-kind.ts'
import { cloudSource } from './cloud.ts'
import { diskSource } from './disk.ts'
import { huggingFaceSource } from './hugging-face.ts'
import { urlSource } from './url.ts'

export const sourceKinds = registry<SourceKind>('source', [
  diskSource,
  huggingFaceSource,
  urlSource,
  cloudSource,
] as unknown as SourceKind[])

/** A kind that has files. Throws `invalid` for models that a provider hosts. */
export function fileSource(kind: string): FileSourceKind {
  const found = sourceKinds.get(kind)
  if (found.reads !== 'hosted') return found
  throw invalid('hosted', 'A hosted model has no files here.', 'Ask its provider.')
}

/** A kind whose files are on this machine. Throws `invalid` for any other. */
export function localSource(kind: string): LocalSourceKind {
  const found = sourceKinds.get(kind)
  if (found.reads === 'local') return found
  throw invalid('not_local', `The files of ${found.title} sources are not on this machine.`, 'Use a disk source.')
}
