export { claimKey, forgetKey, readKey, type StoredAnswer, saveAnswer } from './store.ts'
