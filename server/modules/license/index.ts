/** License: what the files declare, and the text they carry. */
export { type AssessedLicense, assessLicense, isLicenseFile, type LicenseEvidence } from './assess-license.ts'
export { type LicenseRow, readLicense, saveLicense } from './store.ts'
