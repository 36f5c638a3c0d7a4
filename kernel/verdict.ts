/** Severities of a finding, mildest first. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Verdicts on a file or version, best first; a version takes the worst of its files. */
export const verdicts = ['pass', 'review', 'incomplete', 'block'] as const
export type Verdict = (typeof verdicts)[number]

/** True when `severity` is at or above `threshold`. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold)
}

/** The worst of some verdicts; `pass` for none. */
export function worstVerdict(all: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'pass'
  for (const verdict of all) if (verdicts.indexOf(verdict) > verdicts.indexOf(worst)) worst = verdict
  return worst
}
