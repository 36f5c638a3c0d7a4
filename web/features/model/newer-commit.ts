import type { Version } from './use-model.ts'

/** The newest version of the same revision of the same repository that stands on another commit. */
export function newerCommit(version: Version, versions: readonly Version[]): Version | undefined {
  const { type, address, commit } = version.source
  if (type !== 'huggingface' || commit === null) return undefined
  return versions
    .filter(
      ({ number, source }) =>
        number > version.number && source.address === address && source.commit !== null && source.commit !== commit,
    )
    .toSorted((a, b) => b.number - a.number)[0]
}
