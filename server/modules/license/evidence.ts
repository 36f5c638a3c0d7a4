import type { TextMatch } from './match/match-text.ts'

/** What the files say about their license, each with the place it was read from. Kept, so that rules can be applied again. */
export type LicenseEvidence = {
  /** From the card's front matter. */
  cardTag: string | null
  cardPath: string | null
  /** `license_name` and `license_link`, for a license that has no tag. */
  cardName: string | null
  cardLink: string | null
  /** From the weights' header. */
  headerTag: string | null
  headerPath: string | null
  /** Card or notice say "or any later version": the GNU texts do not tell. */
  laterNotice: boolean
  otherFiles: { path: string; licenseId: string | null; status: TextMatch['status'] }[]
  /** As the card names them. */
  baseModels: string[]
}

export const noEvidence: LicenseEvidence = {
  cardTag: null,
  cardPath: null,
  cardName: null,
  cardLink: null,
  headerTag: null,
  headerPath: null,
  laterNotice: false,
  otherFiles: [],
  baseModels: [],
}

/** Whether a notice allows later versions of a GNU license. */
export function saysOrLater(text: string): boolean {
  return (
    /\bGPL\b|General Public License/i.test(text) &&
    /\bor\s+(?:\(at your option\)\s+)?any\s+later\s+version\b|-or-later\b/i.test(text)
  )
}
