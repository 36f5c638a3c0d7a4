/** Words of the scanner rules; here they stay in their chunk. */
const plural = (value: number, one: string, many: string): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`

export const scannerWords = {
  note: 'By which rules everything here was judged',
  inForce: 'Rules in force',
  rules: 'Rules',
  scanner: 'Scanner',
  judged: 'All versions judged',
  never: 'Not yet',
  byThese: 'by these rules',
  byOthers: (ruleset: string, scanner: string) => `by rules ${ruleset} with scanner ${scanner}`,
  waiting: 'Wait to be read again',
  none: 'None',
  waitingOf: (value: number) =>
    `${plural(value, 'version was', 'versions were')} inspected by an older scanner. The present rules count once their bytes are read again.`,
  start: 'Judge all versions again',
  startBody:
    'Every version is judged by the rules in force from what is stored of its files; no byte is read where the scanner is the same. Where the scan gate enforces, a version whose findings rise leaves its routes.',
  started: 'All versions are being judged again.',
  running: 'All versions are being judged again',
  mayNot: 'Needs the role Administrator',
  lastRun: 'Last run',
  lastNone: 'No run yet. New rules start one by themselves when the hub starts.',
  lastHidden: 'Your role does not show jobs.',
  by: (who: string) => `by ${who}`,
  job: 'Job and log',
  outcome: 'What it came to',
  counts: {
    versions: 'Judged',
    confirmed: 'Same result',
    changed: 'Other result',
    moved: 'Taken out of service',
    warned: 'Rose, still in service',
    stale: 'Needed reading again',
  },
  follow: 'Follow the job',
  cancel: 'Cancel',
  progress: 'Progress of judging all versions',
  events: 'What owners should hear of',
  eventsNote: 'Newest first',
  eventsNone:
    'Nothing yet. When new rules let findings rise or clear, or stored bytes change, it is said here and on the page of the version.',
}
