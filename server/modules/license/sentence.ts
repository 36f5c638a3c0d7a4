import type { VersionLicense } from './assess-version.ts'

const purposes = {
  internal: 'internal use',
  customer_product: 'a customer product',
  api_resale: 'resale through an API',
  research: 'research',
} as const

const inputs: Record<string, string> = {
  purpose: 'what it is for',
  monthlyUsers: 'your monthly active users',
  annualRevenueUsd: 'your annual revenue',
  domicile: 'your domicile',
  delivery: 'how others get at it',
  modifies: 'whether you change it',
  trainsModels: 'whether it trains other models',
  military: 'whether the use is military',
  biometric: 'whether it infers identities or personal traits',
  medicalAdvice: 'whether it gives medical advice',
  automatedDecisions: 'whether it decides about people’s rights without a person',
  lawEnforcement: 'whether it serves law enforcement or justice',
}

/** The suitability in one sentence, with what is missing when something is. */
export function sentenceOf({ assessed, chain, profile, text }: VersionLicense): string {
  const use = profile.purpose === null ? 'the declared use' : purposes[profile.purpose]
  const { suitability, tellUs, license, contradiction, obligations } = assessed
  if (contradiction !== null) return `Unclear: ${contradiction}`
  if (license === null)
    return text === null
      ? 'Unclear: no license is known. Attach its text or link its terms, or record a decision about it.'
      : `Unclear: the license text is not one that is known here. ${text.match.reason} Read it and record a decision, answer its questions, or attach the text that applies.`
  if (license.rules === null) return `Unclear: ${license.unread ?? 'nobody has read the text.'}`
  const worse = chain.find((base) => base.suitability === suitability)
  if (suitability === 'not_allowed') {
    const violated = assessed.answers.flatMap((answer) => answer.conditions).find(({ state }) => state === 'violated')
    return violated === undefined
      ? `Not allowed for ${use}: its base ${worse?.name ?? ''} is not.`
      : `Not allowed for ${use}: ${violated.text}`
  }
  if (suitability === 'unclear') {
    if (tellUs.length > 0) return `Depends: tell us ${tellUs.map((field) => inputs[field] ?? field).join(', ')}.`
    if (worse !== undefined)
      return `Unclear: the license of its base ${worse.name} is ${worse.versionId === null ? 'not known here' : 'unclear'}.`
    const open = assessed.answers.flatMap((answer) => answer.conditions).find(({ state }) => state === 'depends')
    return `Unclear: ${open?.text ?? 'a question that matters for this use has no clear answer.'}`
  }
  if (suitability === 'allowed') return `Allowed for ${use}.`
  const duties = obligations.filter(({ applies }) => applies !== false).length
  return duties === 0
    ? `Allowed for ${use} as long as its conditions hold.`
    : `Allowed for ${use} on ${duties} condition${duties === 1 ? '' : 's'}.`
}
