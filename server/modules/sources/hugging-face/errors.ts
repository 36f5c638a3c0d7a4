import {
  conflict,
  forbidden,
  type HubError,
  invalid,
  limitReached,
  notFound,
  upstream,
} from '../../../../kernel/index.ts'
import type { NetResponse } from '../../../platform/net/net.ts'
import { headerOf } from '../network.ts'

export type Asked = {
  repo: string
  revision: string
  /** Where a person looks at the repository. */
  page: string
  /** True when a token was sent along. */
  withToken: boolean
}

/**
 * What a refusal of a Hugging Face hub means for the person who asked, by its `X-Error-Code` where there is one (GatedRepo,
 * RepoNotFound, RevisionNotFound, EntryNotFound) and its status otherwise. A hub answers 401 or 404 for what a caller may not even
 * know of, so "private" and "missing" are said together.
 */
export function refusal(response: Pick<NetResponse, 'status' | 'headers'>, asked: Asked): HubError {
  const header = headerOf(response.headers)
  const code = header('x-error-code')
  const { status } = response
  const { repo, revision, page, withToken } = asked
  if (code === 'GatedRepo') return gated(asked)
  if (code === 'RevisionNotFound') {
    return notFound(
      'revision_not_found',
      `${repo} has no revision ${revision}.`,
      `Choose a branch, tag or commit that ${page} shows.`,
    )
  }
  if (code === 'EntryNotFound') {
    return conflict(
      'file_gone',
      `A file of ${repo} is not there any more at ${revision}.`,
      'Check the source again and register what is there now.',
    )
  }
  if (status === 401 && !withToken) {
    return forbidden(
      'token_needed',
      `${repo} is private or does not exist: without a token the hub hides both.`,
      'Check the name. If the repository is private, store a token that may read it and name that credential.',
    )
  }
  if (status === 401) {
    return forbidden(
      'token_refused',
      `The stored token was refused for ${repo}, or the repository does not exist.`,
      'Check the name, and test the credential; make a new token if it was revoked.',
    )
  }
  if (status === 403) {
    return forbidden(
      'token_needed',
      `${repo} may not be read${withToken ? ' with this token' : ' without a token'}.`,
      'Name a credential whose account may read the repository; a fine-grained token needs read access to it.',
    )
  }
  if (status === 404) {
    return notFound(
      'repo_not_found',
      `There is no repository ${repo}${withToken ? ' that this token may see' : ', or it is private'}.`,
      withToken ? 'Check the name.' : 'Check the name. If it is private, name a stored credential that may read it.',
    )
  }
  if (status === 429) {
    const after = header('retry-after')
    return limitReached(
      'source_rate_limited',
      `The hub of ${repo} asks for a pause.`,
      after === undefined ? 'Try again later.' : `Try again after ${after}.`,
    )
  }
  if (status >= 500) {
    return upstream('source_failed', `The hub of ${repo} answered with status ${status}.`, 'Try again later.')
  }
  return invalid(
    'source_refused',
    `The hub of ${repo} answered with status ${status}.`,
    `Check the source; its page is ${page}.`,
  )
}

/** Terms stand between the account and the files. */
export const gated = ({ repo, page, withToken }: Asked): HubError =>
  forbidden(
    'gated',
    `${repo} is gated: its files are given only to accounts that accepted its terms.`,
    withToken
      ? `Accept the terms on ${page}, then check again.`
      : `Accept the terms on ${page}, store a token of that account as a credential, then check again.`,
    { details: { page } },
  )
