/** Model signatures (OpenSSF Model Signing v1.0): a pure library; the digests of files are the caller's. */
export { readCertificates } from './certificates.ts'
export { mostBundleBytes, preAuthEncoding, readBundle, writeBundle } from './envelope.ts'
export { keyIdOf, readPublicKey } from './keys.ts'
export { isSignatureFile } from './signature-files.ts'
export { readStatement, type SignedFile, statementType, writeStatement } from './statement.ts'
export { mostRootBytes, readTrustedRoot } from './trusted-root.ts'
export {
  type SignatureCheck,
  type SignatureStatus,
  type SignedBy,
  type Signer,
  type Trust,
  verifySignature,
} from './verify-signature.ts'
