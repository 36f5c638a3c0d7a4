import { conflict, type HubError } from '../../kernel/index.ts'

/** Refuses a backup that is not as its manifest says. Nothing was overwritten when this is thrown. */
export const damaged = (path: string, what: string): HubError =>
  conflict('backup_damaged', `The backup is damaged: ${path} ${what}.`, 'Nothing was changed. Use another backup.', {
    details: { path },
  })
