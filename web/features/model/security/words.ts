/** Words of the security tab; here they stay in its chunk. */
const plural = (value: number, one: string, many: string): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`

export const securityWords = {
  hostedTitle: 'Not applicable: hosted',
  hosted:
    'The provider keeps the weights, so nobody here can scan them. This is neither a pass nor a finding: a route says whether hosted models are allowed.',
  notScanned: 'Not scanned yet',
  notScannedBody:
    'The scan runs during ingest. It reads headers, templates and code references, and never runs anything.',
  noneTitle: 'No finding',
  none: 'Every rule ran over the examined files and found nothing.',
  noneIncomplete:
    'Nothing was found in what could be read. What was not read counts as not safe; it is listed below by reason.',
}

export const bannerWords = {
  holds: (holding: number, all: number) =>
    all === 1
      ? 'This finding holds the version back.'
      : `${holding.toLocaleString('en-US')} of ${plural(all, 'finding', 'findings')} ${holding === 1 ? 'holds' : 'hold'} the version back.`,
  coverage: (files: string, total: string, bytes: string, bytesTotal: string) =>
    `${files} of ${total} files, ${bytes} of ${bytesTotal} examined`,
  skipped: (files: number, reasons: string) => `${plural(files, 'file', 'files')} not read in full: ${reasons}`,
  coverageLabel: 'Share of bytes examined',
  noBytes: 'No bytes to examine',
  rules: (ruleset: string) => `Rules ${ruleset}`,
  confirmed: (ruleset: string) => `Same result under rules ${ruleset}`,
  scanner: (scanner: string) => `Scanner ${scanner}`,
  isolation: 'Protections that held',
  previous: (findings: number) =>
    `Previous scan: ${findings === 0 ? 'no finding' : plural(findings, 'finding', 'findings')}`,
  first: 'First scan',
  staleTitle: 'This scan is out of date',
}

export const rescanWords = {
  scan: 'Scan again',
  title: 'Scan every file again?',
  body: 'Every byte is read again with the present scanner and rules. A new finding can take the version out of service.',
  running: 'A job works on this version',
  follow: 'Follow the job',
  mayNot: 'This version cannot be scanned again in its state, or your role does not allow it.',
  label: 'Progress of the job on this version',
}

export const findingWords = {
  caption: 'Findings',
  columns: { severity: 'Severity', finding: 'Finding', where: 'Where', status: 'Status' },
  filters: { all: 'All', blocking: 'Blocking', open: 'Open', waived: 'Waived', new: 'New since last scan' },
  filterLabel: 'Findings shown',
  noneFiltered: 'No finding under this filter',
  showAll: 'Show all findings',
  earlier: (value: string) => `${value} findings before these`,
  status: { open: 'Open', approved: 'Waived', waived: 'Waived' },
  waivedTo: (date: string) => `Waived to ${date}`,
  isNew: 'New',
  offset: (hex: string) => `byte ${hex}`,
  evidence: 'Evidence',
  fix: 'How to fix',
  where: 'Where',
  back: 'All findings',
  close: 'Close finding',
  copyLink: 'Copy link to this finding',
  copyPath: 'Copy path',
  cwe: (id: string) => `${id} in the list of common weaknesses`,
  move: 'to move,',
  moveOnly: 'to move.',
  ask: 'to waive.',
  press: 'Press',
}

export const waiverWords = {
  title: 'Cannot fix it?',
  high: 'A waiver accepts the open high findings of this version until a date, with a reason. When it ends, the gate closes again.',
  ask: 'Waive until a date',
  notYours: 'Needs the right to approve',
  critical:
    'A critical finding cannot be waived here: one person cannot pass it. Repair the files and register them as a new version.',
  criticalBeside:
    'This version also has a critical finding, which one person cannot pass. No waiver is possible while it stands.',
  medium: 'This severity does not hold the version back, so it needs no waiver. It stays listed beside the verdict.',
  archived: 'The version is archived. Nothing is decided about it any more.',
  dialogTitle: (name: string) => `Waive the open high findings of ${name}?`,
  covers: (findings: number) =>
    `${findings === 1 ? 'The high finding' : `All ${findings.toLocaleString('en-US')} high findings`} of this version that ${findings === 1 ? 'is' : 'are'} open now, and what its files contradict. A finding that comes later is not covered.`,
  action: 'Waive now',
  reason: 'Reason',
  reasonHint: 'Why the risk is acceptable, and what guards against it. Kept in the audit log.',
  until: 'Waived until',
  untilHint: 'At most one year ahead.',
  done: 'The waiver is recorded.',
  givenTitle: 'Waived',
  by: (who: string) => `by ${who}`,
  to: 'until',
  noEnd: 'no end date',
  all: 'All decisions',
}

export const pastWords = {
  title: 'An older scan',
  titleOf: (at: string) => `The scan of ${at}`,
  body: 'An older scan, shown as it was. It can only be read: gates and actions go by the newest one. Waivers beside its findings are those of today.',
  back: 'To the newest scan',
  notWaived: 'Only findings of the newest scan can be waived.',
  changes: 'What changed with this scan',
  changesNote: 'Against the one before it, or another',
}

export const historyWords = {
  title: 'Scan history',
  note: 'New rules judge what is stored again; a rescan reads every byte',
  caption: 'Scans of this version, newest first',
  columns: {
    at: 'Date',
    rules: 'Rules',
    verdict: 'Verdict',
    why: 'Why',
    findings: 'Findings',
    compare: 'Compare',
  },
  open: (at: string) => `Open the scan of ${at}`,
  filesOf: (examined: string, total: string) => `${examined} of ${total} files examined`,
  skipped: (files: number) => `${files.toLocaleString('en-US')} not in full`,
  shown: 'shown',
  triggers: { ingest: 'Ingest', rescan: 'Scanned again', ruleset: 'New rules' },
  newest: 'newest',
  firstScan: 'First scan',
  confirmed: (ruleset: string) => `Same under ${ruleset}`,
  none: 'None',
  compare: 'What changed',
  ofScan: (at: string) => `with the scan of ${at}`,
  compareOf: (at: string) => `What changed with the scan of ${at}`,
  close: 'Close comparison',
  against: 'Compared with',
  before: 'The scan before it',
  noBefore: 'This was the first scan, so there is nothing to compare it with.',
  sameRules: 'Same rules, same scanner.',
  otherRules: (from: string, to: string) => `Rules ${from} → ${to}.`,
  otherScanner: (from: string, to: string) => `Scanner ${from} → ${to}.`,
  verdict: (from: string, to: string) => `Verdict ${from} → ${to}.`,
  added: 'Added',
  gone: 'Gone',
  changed: 'Other severity',
  unchanged: (value: number) =>
    value === 0 ? 'No finding is in both.' : `${plural(value, 'finding is', 'findings are')} in both.`,
  nothing: 'No finding came or went.',
  truncated: 'Each list shows its first thousand.',
  more: (value: number) => `and ${value.toLocaleString('en-US')} more`,
}

export const skippedWords = {
  title: 'Not read in full',
  note: 'These count as not safe',
  caption: 'Files that were not read in full, by reason',
  columns: { reason: 'Why', files: 'Files', bytes: 'Bytes', paths: 'Which' },
  reasons: {
    no_inspector: 'No inspector',
    unknown_format: 'Unknown format',
    limit: 'Over a limit',
    deadline: 'Out of time',
    memory: 'Out of memory',
    crash: 'Scanner broke off',
    unreadable: 'Unreadable',
    unread_part: 'Partly read',
    unaccounted_bytes: 'Unaccounted bytes',
    antivirus: 'No answer of ClamAV',
  },
  morePaths: (value: number) => `and ${plural(value, 'more file', 'more files')}`,
}

export const importedWords = {
  title: 'Scanners elsewhere',
  note: 'Imported, beside the scan of this hub. Never a pass.',
  noFiles: 'It names no file as unsafe.',
  filesOf: (listed: number, total: number | null) =>
    total === null
      ? `${plural(listed, 'file', 'files')} not called safe`
      : `${plural(listed, 'file', 'files')} of ${total.toLocaleString('en-US')} not called safe`,
}

export const signatureWords = {
  title: 'Signatures',
  note: 'OpenSSF Model Signing over path and SHA-256 of every file',
  noneTitle: 'No signature',
  none: 'The publisher signed nothing that is here, and this hub signs when the version is published.',
  statuses: {
    verified: 'Verified',
    unknown_signer: 'Unknown signer',
    expired_signer: 'Signer expired',
    signer_not_allowed: 'Signer not allowed here',
    changed_file: 'A file was changed',
    removed_file: 'A file is missing',
    added_file: 'A file was added',
    signature_wrong: 'Signature is wrong',
    malformed: 'Malformed',
    not_verifiable: 'Not verifiable here',
  },
  origins: { hub: 'By this hub', found: 'Found in the files', given: 'Brought by a person' },
  methods: { key: 'Public key', certificate: 'Certificate', sigstore: 'Sigstore' },
  signer: 'Signer',
  unknownSigner: 'Not proved',
  files: 'Covers',
  filesValue: (value: number) => plural(value, 'file', 'files'),
  signedAt: 'Signed',
  checkedAt: 'Checked',
  method: 'Method',
  keyId: 'Key',
  copyKey: 'Copy key id',
  issuer: 'Issuer',
  expires: 'Signer valid until',
  add: 'Add a signature',
  addTitle: 'Add a signature',
  addNote: 'A Sigstore bundle that came by another way than the files. It is checked now and kept with the result.',
  bundle: 'Sigstore bundle (JSON)',
  bundleHint: 'Choose the file, or paste its text.',
  file: 'File',
  notJson: 'This is not a JSON object.',
  check: 'Check and keep',
  added: 'The signature was checked and kept.',
  mayNot: 'Needs the right to change models',
}

export const downloadWords = {
  menu: 'Download',
  sarif: 'Findings, SARIF',
  json: 'Findings, JSON',
  sbom: 'ML-BOM, CycloneDX',
  attestation: 'Attestation, in-toto',
  signature: 'Signature of this hub',
}
