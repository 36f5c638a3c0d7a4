import { atLeast, type Severity, severities, type Verdict, worstVerdict } from '../kernel/index.ts'
import { isIncomplete } from './incomplete.ts'
import type { Rule, RuleContext } from './rules/define-rule.ts'
import { rules, rulesByCode, staleFactsRule } from './ruleset.ts'
import type { FileFacts, Finding, Judgement, Observation } from './types.ts'

/**
 * The verdict and findings on stored facts. Pure and cheap: a change of rules is applied to all stored facts without their bytes.
 * Findings come worst first.
 */
export function judge(facts: FileFacts, context: { path?: string } = {}): Judgement {
  const ruleContext: RuleContext = { path: context.path ?? '' }
  const findings: Finding[] = []
  for (const observation of facts.observations) {
    const answering = rulesByCode.get(observation.code)
    if (answering === undefined) {
      // Facts of a newer scanner under older rules: what nobody can judge must not look clean.
      findings.push(findingOf(staleFactsRule, { ...observation, detail: observation.code }))
      continue
    }
    for (const rule of answering) {
      if (rule.when === undefined || rule.when(observation, facts, ruleContext))
        findings.push(findingOf(rule, observation))
    }
  }
  for (const rule of rules) {
    for (const derived of rule.check?.(facts, ruleContext) ?? []) findings.push(findingOf(rule, derived))
  }
  findings.sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
  return { verdict: verdictOf(facts, findings), findings }
}

/** The verdict on a file given all its findings, first that fits: block, incomplete, review, pass (design, section 4). */
export function verdictOf(facts: FileFacts, findings: readonly { severity: Severity }[]): Verdict {
  if (findings.some((finding) => finding.severity === 'critical')) return 'block'
  if (isIncomplete(facts)) return 'incomplete'
  return findings.some((finding) => atLeast(finding.severity, 'medium')) ? 'review' : 'pass'
}

/** The verdict on a version: the worst of its files; `needsAttention` on block, incomplete or any high finding. */
export function judgeVersion(files: Iterable<Judgement>): { verdict: Verdict; needsAttention: boolean } {
  const all = [...files]
  const verdict = worstVerdict(all.map((file) => file.verdict))
  const high = all.some((file) => file.findings.some((finding) => atLeast(finding.severity, 'high')))
  return { verdict, needsAttention: verdict === 'block' || verdict === 'incomplete' || high }
}

/** A rule applied to something noticed. */
export function findingOf(rule: Rule, seen: Omit<Observation, 'code'>): Finding {
  const more = seen.data?.['alsoSeen']
  const message =
    (seen.detail === undefined ? rule.title : `${rule.title}: ${seen.detail}`) +
    (typeof more === 'number' ? ` (and ${more} more like this)` : '')
  return {
    ruleId: rule.id,
    severity: rule.severity,
    cwe: rule.cwe,
    message: `${message}.`,
    ...(seen.member === undefined ? {} : { member: seen.member }),
    ...(seen.offset === undefined ? {} : { offset: seen.offset }),
    ...(seen.evidence === undefined ? {} : { evidence: seen.evidence }),
    remedy: rule.remedy,
  }
}
