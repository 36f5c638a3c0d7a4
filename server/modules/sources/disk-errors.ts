import { conflict, forbidden } from '../../../kernel/index.ts'

/** A file or folder that is not any more what it was when it was listed. */
export function changed(shown: string, cause?: unknown) {
  return conflict(
    'file_changed',
    `${shown} changed while it was being registered.`,
    'Wait until nothing writes to the folder, then retry.',
    cause === undefined ? undefined : { cause },
  )
}

export function notReadable(path: string, cause: unknown) {
  return forbidden(
    'not_readable',
    `The hub may not read ${path}.`,
    'Give the user that the hub runs as the right to read it.',
    { cause },
  )
}

/** True for the answers of the file system that mean a missing right. */
export function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EACCES' || code === 'EPERM'
}
