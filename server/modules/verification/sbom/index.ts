/** Bills of materials and attestations: what is known of a version, as documents that others read. */
export { type AttestationInput, writeAttestation } from './write-attestation.ts'
export { type SbomInput, writeSbom } from './write-sbom.ts'
