import type {
  LicenseAnswer,
  LicenseAnswerByPerson,
  LicenseCondition,
  LicenseObligation,
  LicenseProfile,
  LicenseSuitability,
} from '../../../contract/index.ts'
import { dutyApplies, judgeCondition, type UseFacts } from './conditions.ts'
import type { Condition, License, Rule } from './license-family.ts'
import { indexText, locateClause, type TextIndex } from './match/locate.ts'
import { type QuestionId, questions } from './questions.ts'

export type Answered = {
  answers: LicenseAnswer[]
  obligations: LicenseObligation[]
  suitability: LicenseSuitability
  /** Fields of the profile without which it stays open. */
  tellUs: string[]
}

/** What people answered in place of the rules, by question. */
export type AnswersByPerson = ReadonlyMap<string, LicenseAnswerByPerson>
const nobody: AnswersByPerson = new Map()

const nothingKnown = 'No license is known, so nobody can say.'

/**
 * The 22 questions for one license, from the clause table and the profile. `text` is the model's own file, in which the clauses are
 * marked; null: none is here. Without a license, or for one whose text nobody read, every answer is unclear and says why. An answer of a
 * person stands in place of the computed one and of its conditions and duties.
 */
export function answerQuestions(
  license: License | null,
  profile: LicenseProfile,
  facts: UseFacts,
  text: string | null,
  people: AnswersByPerson = nobody,
): Answered {
  const index = text === null ? null : indexText(text)
  const unread = license === null ? nothingKnown : (license.unread ?? nothingKnown)
  const answers = questions.map(({ id, text: question, good }, place): LicenseAnswer => {
    const computed: Rule = license?.rules?.[id] ?? { answer: 'unclear', clauses: [], because: unread, conditions: [] }
    const given = people.get(id)
    const rule =
      given === undefined
        ? computed
        : { ...computed, answer: given.answer, because: given.reason, conditions: impliedBy(id, given.answer) }
    const conditions = rule.conditions.map((condition) => judgeCondition(condition, profile, facts))
    return {
      number: place + 1,
      id,
      question,
      answer: rule.answer,
      person: given === undefined ? null : { ...given, insteadOf: computed.answer },
      effect: effectOf(rule, good, conditions),
      because: rule.because,
      clauses: rule.clauses.flatMap((key) => clauseOf(license, key, index)),
      conditions,
    }
  })
  const obligations = obligationsOf(license, profile, people)
  const known = license?.rules != null || decisive.every((id) => people.has(id))
  return { answers, obligations, ...suitabilityOf(known, answers, obligations, profile) }
}

/** What an answer alone means for the declared use; the rules say it by their conditions. */
function impliedBy(question: QuestionId, answer: Rule['answer']): Condition[] {
  const onlyNonCommercial =
    (question === 'non_commercial' && answer === 'yes') ||
    ((question === 'monetize' || question === 'api_commercial') && answer === 'no')
  if (onlyNonCommercial) return [{ kind: 'non_commercial' }]
  if (question === 'share_modified' && answer === 'no') return [{ kind: 'no_sharing_changes' }]
  return question === 'training_limits' && answer === 'yes' ? [{ kind: 'no_training' }] : []
}

function clauseOf(license: License | null, key: string, index: TextIndex | null): LicenseAnswer['clauses'] {
  const clause = license?.clauses[key]
  if (clause === undefined) return []
  const place = index === null ? null : locateClause(index, clause.at)
  return [{ section: clause.section, start: place?.start ?? null, end: place?.end ?? null }]
}

function effectOf(rule: Rule, good: 'yes' | 'no' | null, conditions: LicenseCondition[]): LicenseAnswer['effect'] {
  const some = (state: LicenseCondition['state']) => conditions.some((condition) => condition.state === state)
  if (some('violated')) return 'bad'
  if (rule.answer === 'unclear' || some('depends')) return 'open'
  if (good === null) return 'neutral'
  if (rule.answer === good) return 'good'
  return rule.answer === 'conditional' && conditions.length > 0 && !some('duty') ? 'good' : 'attention'
}

/** Each duty once, with the sections it comes from. */
function obligationsOf(license: License | null, profile: LicenseProfile, people: AnswersByPerson): LicenseObligation[] {
  const found = new Map<string, LicenseObligation>()
  for (const [id, rule] of Object.entries(license?.rules ?? {})) {
    if (people.has(id)) continue
    for (const condition of rule.conditions) {
      if (condition.kind !== 'duty') continue
      const sections = rule.clauses.flatMap((key) => license?.clauses[key]?.section ?? [])
      const known = found.get(condition.text)
      if (known === undefined) {
        const { text, when } = condition
        found.set(text, { text, when, applies: dutyApplies(when, profile), sections: [...new Set(sections)] })
      }
    }
  }
  return [...found.values()]
}

/** Questions whose "unclear" leaves the use itself unclear. */
const decisive: readonly QuestionId[] = ['monetize', 'non_commercial', 'api_commercial', 'use_restrictions']

function suitabilityOf(
  known: boolean,
  answers: LicenseAnswer[],
  obligations: LicenseObligation[],
  profile: LicenseProfile,
): Pick<Answered, 'suitability' | 'tellUs'> {
  const conditions = answers.flatMap((answer) => answer.conditions)
  const missing = conditions.flatMap(({ state, tellUs }) => (state === 'depends' && tellUs !== null ? [tellUs] : []))
  const tellUs = [...new Set([...(profile.purpose === null ? ['purpose'] : []), ...missing])]
  if (!known) return { suitability: 'unclear', tellUs: [] }
  const asked = [
    ...decisive,
    ...(profile.modifies === false ? [] : (['modify'] as const)),
    ...(profile.trainsModels === true ? (['training_limits'] as const) : []),
  ]
  const open = answers.some((answer) => asked.includes(answer.id as QuestionId) && answer.answer === 'unclear')
  const suitability = conditions.some(({ state }) => state === 'violated')
    ? 'not_allowed'
    : profile.purpose === null || open || conditions.some(({ state }) => state === 'depends')
      ? 'unclear'
      : obligations.some(({ applies }) => applies !== false) || conditions.some(({ state }) => state === 'holds')
        ? 'allowed_on_conditions'
        : 'allowed'
  return { suitability, tellUs }
}
