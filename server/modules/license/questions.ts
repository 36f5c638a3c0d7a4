/**
 * The questions every license is asked, in the order they are shown. `good` is the answer that leaves a user free; null: neither is.
 */
export const questions = [
  { id: 'modify', text: 'Can you modify the model?', good: 'yes' },
  { id: 'core_limits', text: 'Limits on changing core parts?', good: 'no' },
  { id: 'share_modified', text: 'Can you pass on a modified version?', good: 'yes' },
  { id: 'derivative_limits', text: 'Limits on derivative works?', good: 'no' },
  { id: 'copyleft', text: 'Must derivatives keep this license?', good: 'no' },
  { id: 'monetize', text: 'Can you earn money with it?', good: 'yes' },
  { id: 'non_commercial', text: 'Non-commercial use only?', good: 'no' },
  { id: 'royalties', text: 'Royalties or fees?', good: 'no' },
  { id: 'credit', text: 'Must you credit the author?', good: null },
  { id: 'notices', text: 'Must you keep notices?', good: null },
  { id: 'publish_changes', text: 'Must you publish your changes?', good: 'no' },
  { id: 'api_limits', text: 'Limits on use through an API?', good: 'no' },
  { id: 'api_commercial', text: 'Commercial use through an API?', good: 'yes' },
  { id: 'rate_limits', text: 'Rate limits or a paywall?', good: 'no' },
  { id: 'patent_grant', text: 'Are patent rights granted?', good: 'yes' },
  { id: 'extension_risk', text: 'Legal risk in building on it?', good: 'no' },
  { id: 'patent_limits', text: 'Limits on the patent rights?', good: 'no' },
  { id: 'training_limits', text: 'Limits on training other models?', good: 'no' },
  { id: 'privacy', text: 'Privacy duties?', good: null },
  { id: 'revocable', text: 'Can it be revoked?', good: 'no' },
  { id: 'liability', text: 'Is liability excluded?', good: null },
  { id: 'use_restrictions', text: 'Restrictions on use?', good: 'no' },
] as const

export type QuestionId = (typeof questions)[number]['id']
