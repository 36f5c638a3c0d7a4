/** Where models come from as signatures tell it: who is trusted, and what was signed. */
export {
  countSignatures,
  deleteFoundSignatures,
  givenSignatures,
  nextSignatures,
  othersSignatures,
  pageSignatures,
  readHubSignature,
  type SignatureRow,
  type SignatureSummary,
  saveSignature,
  updateSignature,
} from './signature-store.ts'
export {
  countSigners,
  insertSigner,
  mostSigners,
  pageSigners,
  readSigners,
  removeSignerRow,
  type SignerRow,
} from './signer-store.ts'
