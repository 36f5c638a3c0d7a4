import type { VersionFacts } from '../../contract/index.ts'

type FactsPatch = { [Key in keyof VersionFacts]?: Partial<VersionFacts[Key]> }

/** The facts of a version on which every gate is open, with changes. */
export function cleanFacts(patch: FactsPatch = {}): VersionFacts {
  return {
    version: { id: 'ver_1', state: 'verified', source: 'disk', digest: 'd', files: 1, bytes: 1, ...patch.version },
    model: { name: 'm', project: 'prj_1', owner: 'usr_1', tags: [], ...patch.model },
    hosted: {
      provider: null,
      model: null,
      region: null,
      deprecated: false,
      ends: null,
      replacement: null,
      ...patch.hosted,
    },
    integrity: { complete: true, intact: true, ...patch.integrity },
    scan: {
      verdict: 'pass',
      critical: 0,
      high: 0,
      medium: 0,
      low: 0,
      info: 0,
      openHigh: 0,
      openCritical: 0,
      openIncomplete: false,
      stale: false,
      ...patch.scan,
    },
    license: {
      status: 'declared',
      tag: 'mit',
      id: 'MIT',
      class: 'permissive',
      suitability: 'unclear',
      text: 'none',
      accepted: false,
      decision: null,
      ...patch.license,
    },
    metadata: { contradictions: [], ...patch.metadata },
    signature: {
      signed: true,
      verified: true,
      status: 'verified',
      signer: 'Ada',
      message: 'Signed by Ada.',
      ...patch.signature,
    },
    evidence: { benchmarks: 1, evaluations: 0, score: null, noEvidenceBecause: null, ...patch.evidence },
    approval: { publish: false, ...patch.approval },
  }
}
