import { statementType } from '../signing/index.ts'

/** Names the form of the predicate below; another form gets another number. */
const attestationType = 'urn:modelhub:attestation:version:1'

/** What a hub says of a version: what it is, what was found in it, who decided what. Unknown is null. */
export type AttestationInput = {
  at: Date
  hub: { version: string; keyId: string }
  version: { id: string; model: string; number: number; digest: string; state: string }
  files: readonly { path: string; sha256: string; size: number; format: string | null; verdict: string | null }[]
  source: { type: string; address: string | null; commit: string | null }
  scan: {
    verdict: string
    ruleset: string
    /** The rules that came to the same last. */
    confirmedBy: string | null
    scanner: string
    at: Date
    counts: Record<string, number>
    filesExamined: number
    filesTotal: number
    stale: boolean
  } | null
  integrity: { complete: boolean; intact: boolean; verifiedAt: Date | null }
  license: { status: string; tag: string | null }
  signature: { signed: boolean; verified: boolean; status: string | null; signer: string | null }
  evidence: { benchmarks: number; evaluations: number }
}

/**
 * An in-toto statement whose subjects are the files of the version and the manifest over them, as the bytes that are signed.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function writeAttestation(input: AttestationInput): Buffer {
  const { version, files } = input
  return Buffer.from(
    JSON.stringify({
      _type: statementType,
      subject: [
        { name: `${version.model}@${version.number}`, digest: { modelhubManifest: version.digest } },
        ...files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
      ],
      predicateType: attestationType,
      predicate: {
        at: input.at.toISOString(),
        hub: input.hub,
        version,
        source: input.source,
        files: files.map(({ path, size, format, verdict }) => ({ path, size, format, verdict })),
        scan: input.scan === null ? null : { ...input.scan, at: input.scan.at.toISOString() },
        integrity: { ...input.integrity, verifiedAt: input.integrity.verifiedAt?.toISOString() ?? null },
        license: input.license,
        signature: input.signature,
        evidence: input.evidence,
      },
    }),
  )
}
