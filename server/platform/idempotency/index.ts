export { claimKey, forgetKey, readKey, type StoredAnswer, saveAnswer, saveEffect } from './store.ts'
