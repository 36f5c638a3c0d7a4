import type { LicenseAssessment } from '../api-types.ts'
import { present } from '../present.ts'
import { pairs, table } from './table.ts'

/** A license assessment for a terminal: what it is, what it allows, the 22 answers, what has to be done. */
export function licenseLines(license: LicenseAssessment): string[] {
  const summary = present(license.summary, 'the license')
  const { match, decision, acceptance } = license
  const lines = [
    pairs([
      [
        'license',
        license.license === null
          ? `${summary.label} (${summary.status})`
          : `${license.license.title} (${license.license.id})`,
      ],
      ['use', license.sentence],
      ['class', summary.class ?? null],
      ['text', match === null ? 'none' : `${summary.file ?? ''}: ${match.reason}`],
      [
        'tag',
        summary.tag === null ? null : `${summary.tag}${license.agreement === 'same' ? ', same as the text' : ''}`,
      ],
      ['tag from', license.tagSource],
      ['contradiction', license.contradiction],
      ['made from', license.chain.map((base) => `${base.name} (${base.licenseId ?? 'unknown'})`).join(', ') || null],
      ['sha256', license.fileSha256],
      ['decision', decision == null ? null : `${decision.decision} by ${decision.decidedBy}: ${decision.reason}`],
      ['accepted', acceptance == null ? null : `by ${acceptance.acceptedBy}, ${acceptance.acceptedAt}`],
      ['attached', license.attached.map((file) => `${file.name} (${file.id})`).join(', ') || null],
    ]),
  ]
  if (license.license === null && license.answers.every(({ person }) => person == null)) return lines
  const rows = license.answers.map((answer) => [
    String(answer.number),
    answer.question,
    answer.answer === 'conditional' ? 'on condition' : answer.answer,
    answer.clauses.map((clause) => clause.section).join(', '),
    [
      ...(answer.person == null
        ? []
        : [`Answered by ${answer.person.answeredBy} instead of ${answer.person.insteadOf}:`]),
      answer.because,
      ...answer.conditions.flatMap(({ state, text }) => (state === 'duty' ? [] : [text])),
    ].join(' '),
  ])
  const titles = ['QUESTION', 'ANSWER', 'CLAUSE', 'WHY'].map((title) => ({ title }))
  lines.push('', table([{ title: '#', align: 'right' }, ...titles], rows))
  const duties = license.obligations.filter(({ applies }) => applies !== false)
  if (duties.length > 0) lines.push('', 'to do:', ...duties.map((duty) => `  ${duty.text}`))
  return [...lines, '', 'This helps you read a license. It is not legal advice.']
}
