import { createHash } from 'node:crypto'
import { canonicalJson } from '../kernel/index.ts'
import { archiveRules } from './archive/rules.ts'
import { formats } from './formats/index.ts'
import { repositoryRules } from './repository/rules.ts'
import type { Rule } from './rules/define-rule.ts'
import { executableRules } from './rules/executable.ts'
import { mismatchRules } from './rules/mismatch.ts'
import { scanRules, staleFactsRule } from './rules/scan.ts'
import { secretRules } from './rules/secret.ts'

export { staleFactsRule }

/** Raised when a rule's code (`when`, `check`) changes in effect while its definition stays the same. */
const revision = 1

/** Every rule on a single file. Throws at load when two share an id. */
export const rules: readonly Rule[] = [
  ...scanRules,
  ...mismatchRules,
  ...secretRules,
  ...executableRules,
  ...archiveRules,
  ...formats.all.flatMap((format) => format.rules),
]

const everyRule: readonly Rule[] = [...rules, ...repositoryRules]

/** Rules by the code of observation they answer to. */
export const rulesByCode: ReadonlyMap<string, readonly Rule[]> = groupByCode()

/** What a rule says about itself, for the API and the documentation. */
export type RuleDescription = Pick<Rule, 'id' | 'title' | 'severity' | 'cwe' | 'explanation' | 'remedy'>

/** All rules, of files and of repositories, in the order of their ids. */
export const ruleDescriptions: readonly RuleDescription[] = everyRule
  .map(({ id, title, severity, cwe, explanation, remedy }) => ({ id, title, severity, cwe, explanation, remedy }))
  .sort((a, b) => (a.id < b.id ? -1 : 1))

/** Names the rules in force, such as `1-4f2a9c01d3e7`: verdicts are valid for one sha256 under one ruleset. */
export const rulesetVersion: string = `${revision}-${createHash('sha256')
  .update(
    canonicalJson(ruleDescriptions.map((rule) => ({ ...rule, on: everyRule.find(({ id }) => id === rule.id)?.on }))),
  )
  .digest('hex')
  .slice(0, 12)}`

function groupByCode(): Map<string, Rule[]> {
  const ids = new Set<string>()
  for (const { id } of everyRule) {
    if (ids.has(id)) throw new Error(`rule ${id} is defined twice`)
    ids.add(id)
  }
  const groups = new Map<string, Rule[]>()
  for (const rule of rules) {
    for (const code of rule.on ?? []) groups.set(code, [...(groups.get(code) ?? []), rule])
  }
  return groups
}
