import type { Problem } from '../../../contract/index.ts'
import { redact } from '../../../kernel/index.ts'
import type { Found } from '../../modules/distribution/index.ts'

/** Error codes that Hugging Face clients act upon, and our own where they have none. */
export type DoorCode = 'EntryNotFound' | 'RevisionNotFound' | 'GatedRepo' | 'RepoNotFound' | (string & {})

/** An error as Hugging Face clients read it: the code and the sentence in headers, the sentence in the content. */
export function refusal(
  status: number,
  code: DoorCode | null,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const text = redact(message)
  return new Response(JSON.stringify({ error: text }), {
    status,
    headers: {
      ...(code === null ? {} : { 'x-error-code': code }),
      // A header takes no line end, and clients read other letters than these in different ways.
      'x-error-message': text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 1_000),
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, no-cache',
      ...headers,
    },
  })
}

/** The answer where nothing may be pulled. */
export function refused(
  found: Exclude<Found, { kind: 'repo' }>,
  context: { anonymous: boolean; publicUrl: string; revision: string },
): Response {
  if (found.kind === 'no-revision') {
    return refusal(404, 'RevisionNotFound', `Invalid rev id: ${context.revision.slice(0, 100)}`)
  }
  if (found.kind === 'gated') {
    const page = `${context.publicUrl}/models/${found.model}@${found.number}`
    return refusal(
      403,
      'GatedRepo',
      `${found.model}@${found.number} ${found.why}. See what it still needs, and who can decide, at ${page}`,
    )
  }
  // As the Hub does: whoever is unknown may find it after signing in.
  return refusal(
    context.anonymous ? 401 : 404,
    'RepoNotFound',
    context.anonymous ? 'Repository not found, or it needs an access token.' : 'Repository not found',
  )
}

/** Anything else that was thrown, in the same shape. */
export function refusalOf(problem: Problem): Response {
  if (problem.code === 'token_invalid') {
    // These words keep Python clients from taking it for a repository that is not there.
    return refusal(401, null, 'Invalid credentials in Authorization header')
  }
  const code = problem.code.replaceAll(/(?:^|_)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
  return refusal(problem.status, code, [problem.detail, problem.remedy].filter(Boolean).join(' '))
}
