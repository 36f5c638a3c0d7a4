import { defineRule, type Rule } from '../rules/define-rule.ts'

/**
 * The rule on a format whose header is read and whose inside is not: nothing is known to be wrong, and nothing to be right.
 * @param id its id, such as `TRT-OPAQUE-001`
 * @param code the observation that the inspector makes of every such file
 * @param title of the format, for people
 * @param why what its loader does with it
 */
export function noInspectorRule(id: string, code: string, title: string, why: string, remedy: string): Rule {
  return defineRule({
    id,
    title: `No inspector for this format: ${title}`,
    severity: 'medium',
    cwe: 'CWE-693',
    explanation: `${why} Its header was read; what it does when it is loaded is not known.`,
    remedy,
    on: [code],
  })
}

/** The rule on a header that contradicts the file. */
export function headerRule(id: string, code: string, title: string): Rule {
  return defineRule({
    id,
    title: `The header of ${title} does not fit the file`,
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'A length or a version in it is impossible. Native readers that believe it read past their buffer.',
    remedy: 'Ask the publisher for an intact export; a cut download looks the same.',
    on: [code],
  })
}
