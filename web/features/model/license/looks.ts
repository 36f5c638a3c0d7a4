import type { Schema } from '../../../app/client.ts'
import type { Status } from '../../../ui/status.ts'
import type { Answer } from './use-license.ts'
import { questionWords, stripWords } from './words.ts'

const suitabilities: Record<Schema<'LicenseSuitability'>, Omit<Status, 'label'>> = {
  allowed: { tone: 'pass', icon: 'circle-check', quiet: true },
  allowed_on_conditions: { tone: 'warn', icon: 'alert', quiet: false },
  not_allowed: { tone: 'fail', icon: 'octagon', quiet: false },
  unclear: { tone: 'part', icon: 'circle-dashed', quiet: false },
}

export const suitabilityStatus = (suitability: Schema<'LicenseSuitability'>): Status => ({
  ...suitabilities[suitability],
  label: stripWords.suitability[suitability],
})

const effects: Record<Answer['effect'], Omit<Status, 'label'>> = {
  good: { tone: 'pass', icon: 'circle-check', quiet: true },
  attention: { tone: 'warn', icon: 'alert', quiet: false },
  bad: { tone: 'fail', icon: 'octagon', quiet: false },
  open: { tone: 'part', icon: 'circle-dashed', quiet: false },
  neutral: { tone: 'part', icon: 'info', quiet: true },
}

/** The answer in words, its effect on the declared use in shape and colour. */
export const answerStatus = ({ answer, effect, person }: Pick<Answer, 'answer' | 'effect' | 'person'>): Status => ({
  ...effects[effect],
  label: questionWords.answers[answer],
  ...(person === null ? {} : { note: questionWords.byPerson }),
})

const states: Record<Schema<'LicenseCondition'>['state'], Omit<Status, 'label'>> = {
  holds: { tone: 'pass', icon: 'circle-check', quiet: true },
  violated: { tone: 'fail', icon: 'octagon', quiet: false },
  depends: { tone: 'part', icon: 'circle-dashed', quiet: false },
  duty: { tone: 'warn', icon: 'alert', quiet: false },
  not_applicable: { tone: 'part', icon: 'minus', quiet: true },
}

export const conditionStatus = (state: Schema<'LicenseCondition'>['state']): Status => ({
  ...states[state],
  label: questionWords.states[state],
})
