import type { Finding } from '../../../../scanner/index.ts'

/** What a virus scanner says of a file, as far as the verdict depends on it. That it found nothing is not among it. */
export type FileAntivirus =
  | { status: 'infected'; signature: string /** Engine and signatures. */; by: string }
  | { status: 'failed' }

/** The one rule that is not of the hub's own scanner. */
export const antivirusRule = {
  id: 'CLAMAV-FOUND-001',
  title: 'ClamAV found something',
  severity: 'critical',
  cwe: 'CWE-506',
  explanation:
    'ClamAV, which the operator of this hub runs beside its own scanner, knows this content as malicious. That it finds nothing elsewhere proves nothing.',
  remedy:
    'Do not use the file. If you are sure that ClamAV is wrong, report that to ClamAV and scan again with newer signatures.',
} as const

/** The finding that a hit is. */
export function antivirusFinding({ signature, by }: FileAntivirus & { status: 'infected' }): Finding {
  const { id, severity, cwe, title, remedy } = antivirusRule
  return { ruleId: id, severity, cwe, message: `${title}: ${signature}.`, evidence: `${signature} (${by})`, remedy }
}
