import type { Policy, VersionFacts } from '../../../contract/index.ts'
import type { Page } from '../../platform/page.ts'
import { policies } from './policies/index.ts'

const unknownFacts: VersionFacts = {
  version: { id: '', state: 'draft', source: 'disk', digest: null, files: 0, bytes: 0 },
  model: { name: '', project: '', owner: null, tags: [] },
  hosted: { provider: null, model: null, region: null, deprecated: false, ends: null, replacement: null },
  integrity: { complete: false, intact: true },
  scan: {
    verdict: null,
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    info: 0,
    openHigh: 0,
    openCritical: 0,
    openIncomplete: false,
    stale: false,
  },
  license: {
    status: 'unknown',
    tag: null,
    id: null,
    class: 'unknown',
    suitability: 'unclear',
    text: 'none',
    accepted: false,
    decision: null,
  },
  metadata: { contradictions: [] },
  signature: { signed: false, verified: false, status: null, signer: null, message: null },
  evidence: { benchmarks: 0, evaluations: 0, score: null, noEvidenceBecause: null },
  approval: { publish: false },
}

/** The gates with the words they use when nothing is known yet. */
export function listPolicies(): Page<Policy> {
  const context = { facts: unknownFacts, findings: [], stateReason: null }
  return {
    items: policies.all.map((policy) => ({
      id: policy.kind,
      title: policy.title,
      gate: policy.gate,
      expression: policy.expression,
      mode: policy.mode,
      message: policy.passes,
      remedy: policy.remedy(context),
      whoCanWaive: policy.whoCanWaive,
    })),
    nextCursor: null,
  }
}
