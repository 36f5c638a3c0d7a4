import { isBelow, type ModelStatement, type SignedFile } from './statement.ts'
import type { SignatureStatus } from './verify-signature.ts'

type Difference = { status: SignatureStatus; message: string; remedy: string }

const named = 5

/**
 * What is otherwise than what was signed; null: nothing. A changed file is told before one that is gone, and that before one that came.
 * @param own paths of signatures, which no signature of the whole can list
 */
export function compareFiles(
  statement: ModelStatement,
  files: readonly SignedFile[],
  own: readonly string[],
): Difference | null {
  const here = new Map(files.map(({ path, sha256 }) => [path, sha256]))
  const signed = new Set(statement.files.map(({ path }) => path))
  const changed = statement.files.filter(({ path, sha256 }) => here.has(path) && here.get(path) !== sha256)
  if (changed.length > 0) {
    return {
      status: 'changed_file',
      message: `${list(changed)} ${changed.length === 1 ? 'has' : 'have'} other bytes than those that were signed.`,
      remedy: 'Get the files again from the publisher; if they stay so, do not use them.',
    }
  }
  const removed = statement.files.filter(({ path }) => !here.has(path))
  if (removed.length > 0) {
    return {
      status: 'removed_file',
      message: `${list(removed)} ${removed.length === 1 ? 'was' : 'were'} signed and ${removed.length === 1 ? 'is' : 'are'} not here.`,
      remedy: 'Get the model whole: a signature is over all of its files.',
    }
  }
  const ignored = statement.ignored.filter((path) => path !== '' && path !== '.')
  const added = files.filter(({ path }) => !signed.has(path) && !own.includes(path) && !isBelow(path, ignored))
  if (added.length > 0) {
    return {
      status: 'added_file',
      message: `${list(added)} ${added.length === 1 ? 'is' : 'are'} here and ${added.length === 1 ? 'was' : 'were'} not signed.`,
      remedy: 'Remove what the publisher did not sign, or ask what it is.',
    }
  }
  return null
}

function list(files: readonly SignedFile[]): string {
  const first = files.slice(0, named).map(({ path }) => path)
  const more = files.length - first.length
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
