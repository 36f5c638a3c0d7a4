import type { LicenseSummary } from '../../../contract/index.ts'

/** What the files say about their license; each with the place it was read from. */
export type LicenseEvidence = {
  /** From the card's front matter. */
  cardTag: string | null
  cardPath: string | null
  /** From the weights' header. */
  headerTag: string | null
  headerPath: string | null
  file: { path: string; sha256: string; text: string } | null
}

export type AssessedLicense = {
  summary: LicenseSummary
  tagSource: string | null
  fileSha256: string | null
  text: string | null
}

/**
 * Records tag and file. The text itself is not identified: a license file gives the status `text` whatever it says, and the tag
 * stays a declaration. Tags of card and header that differ are a contradiction.
 */
export function assessLicense(evidence: LicenseEvidence): AssessedLicense {
  const card = normalizeTag(evidence.cardTag)
  const header = normalizeTag(evidence.headerTag)
  const tag = card ?? header
  const tagSource = card !== null ? evidence.cardPath : header !== null ? evidence.headerPath : null
  const contradiction = card !== null && header !== null && card !== header
  const status = contradiction
    ? 'contradiction'
    : evidence.file !== null
      ? 'text'
      : tag !== null
        ? 'declared'
        : 'unknown'
  return {
    summary: {
      status,
      tag,
      file: evidence.file?.path ?? null,
      label: contradiction ? `${card} or ${header}` : (tag ?? evidence.file?.path ?? 'Unknown'),
    },
    tagSource,
    fileSha256: evidence.file?.sha256 ?? null,
    text: evidence.file?.text ?? null,
  }
}

/** Tags are compared in lower case; the placeholders that mean "nobody said" are no tag. */
function normalizeTag(tag: string | null): string | null {
  const text = tag?.trim().toLowerCase() ?? ''
  return text === '' || text === 'unknown' || text === 'none' ? null : text.slice(0, 100)
}

/** True for the names that hold a license text by custom. */
export function isLicenseFile(path: string): boolean {
  return /^(licen[cs]e|copying|unlicense)([._-][\w.-]*)?$/i.test(path)
}
