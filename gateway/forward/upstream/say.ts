import type { SnapshotRoute, UpstreamTarget } from '../../../contract/index.ts'
import { type HubError, upstream } from '../../../kernel/index.ts'

/** The words for what goes wrong at a provider. None of them holds what the provider said, so none can hold the credential. */
export type Say = ReturnType<typeof sayFor>

type Extra = { cause?: unknown; retryAfter?: string | undefined }

export function sayFor({ upstream: { title } }: UpstreamTarget, { name, owner }: SnapshotRoute) {
  const ask =
    owner === undefined ? `Ask the owner of the route "${name}"` : `Ask ${owner}, who owns the route "${name}",`
  const make = (status: number, code: string, message: string, remedy: string, { cause, retryAfter }: Extra = {}) =>
    upstream(code, message, remedy, {
      details: { status, ...(retryAfter === undefined ? {} : { retryAfter }) },
      ...(cause === undefined ? {} : { cause }),
    })
  return {
    credentialRefused: (): HubError =>
      make(
        502,
        'upstream_credential_refused',
        `${title} refuses the credential that the hub calls it with for "${name}". Your own key was accepted.`,
        `${ask} to test that credential and replace it.`,
      ),
    quotaExceeded: (): HubError =>
      make(
        502,
        'upstream_quota_exceeded',
        `The hub's account at ${title} has no credit left for "${name}". Your own key was accepted.`,
        `${ask} to look after the account.`,
      ),
    modelMissing: (): HubError =>
      make(
        502,
        'upstream_model_missing',
        `${title} does not answer for the model behind "${name}".`,
        `${ask} to check what the provider offers.`,
      ),
    rateLimited: (retryAfter: string | undefined): HubError =>
      make(
        429,
        'upstream_rate_limited',
        `${title} gets too many requests from the hub's account now.`,
        'Wait a moment and send the request again.',
        { retryAfter },
      ),
    failed: (status: number, retryAfter: string | undefined): HubError =>
      make(502, 'upstream_error', `${title} failed (${status}).`, 'Send the request again in a moment.', {
        retryAfter,
      }),
    failedMidway: (): HubError =>
      make(502, 'upstream_error', `${title} failed before its first word.`, 'Send the request again in a moment.'),
    redirected: (): HubError =>
      make(
        502,
        'upstream_redirected',
        `${title} sends the request to another address, which is not followed.`,
        `${ask} to correct the provider's address.`,
      ),
    unreadable: (cause?: unknown): HubError =>
      make(
        502,
        'upstream_unreadable',
        `${title} answered with something that is no answer to the request.`,
        `Send it again; if it stays so, ${ask.charAt(0).toLowerCase()}${ask.slice(1)} to check the provider's address.`,
        { cause },
      ),
    timedOut: (cause?: unknown): HubError =>
      make(504, 'upstream_timeout', `${title} took too long to answer.`, 'Send the request again in a moment.', {
        cause,
      }),
    unreachable: (cause: unknown): HubError =>
      make(502, 'upstream_unreachable', `${title} cannot be reached.`, 'Send the request again in a moment.', {
        cause,
      }),
    notAllowed: (cause: unknown): HubError =>
      make(
        502,
        'upstream_address_refused',
        `The gateway may not reach the address of ${title}: it is private, or not encrypted.`,
        `${ask} to correct it; an operator allows such an address with MODELHUB_NET_ALLOW.`,
        { cause },
      ),
    cut: (cause: unknown): HubError =>
      make(
        502,
        'upstream_cut',
        `${title} ended the connection before its answer was complete.`,
        'Send the request again.',
        { cause },
      ),
  }
}
