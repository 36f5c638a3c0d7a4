import type { Verdict } from '../../kernel/index.ts'
import type { Finding } from '../types.ts'

/** One file on disk. Findings inside archives carry `member`. */
export type ScannedFile = {
  /** Relative to the scanned root, `/`-separated. */
  path: string
  /** Bytes. */
  size: number
  /** Lower-case hexadecimal; of a symbolic link, that of the text of the link; '' when the file could not be read. */
  sha256: string
  /** Kind of the format, by content. */
  format: string
  verdict: Verdict
  /** Worst first. */
  findings: Finding[]
}

/** What `modelhub scan --format json` prints. */
export type ScanReport = {
  /** Version of the rules in force. */
  ruleset: string
  /** The worst of the files. */
  verdict: Verdict
  /** In the order of their paths. */
  files: ScannedFile[]
}
