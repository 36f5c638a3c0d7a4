import { JobEvent, Problem } from '../../../contract/index.ts'
import type { Draft } from './case.ts'
import { type Operation, operations } from './document.ts'
import type { Answer } from './send.ts'

/** A problem may quote what was sent, never all of it. */
const longestProblem = 20_000

/** What is wrong with an answer; empty when nothing is. */
export function judge(draft: Draft, answer: Answer): string[] {
  // What is sent as it is read may be deleted meanwhile: breaking off is then all that is left to say.
  if (answer.broken === 'aborted' && draft.operation.route.stream !== undefined) return []
  if (answer.broken !== null) return [answer.broken]
  const wrong = [...always(answer)]
  const operation = reached(draft)
  if (operation === undefined) {
    // The path is known, the method is not, or the id made another path of it.
    return [
      ...wrong,
      ...([400, 401, 403, 404, 405].includes(answer.status) ? problem(draft, answer) : [`unexpected ${answer.status}`]),
    ]
  }
  if (draft.expect !== null && draft.method === operation.method && !draft.expect.includes(answer.status)) {
    wrong.push(`${answer.status} instead of ${draft.expect.join(' or ')}`)
  }
  if (!operation.answers.has(answer.status)) wrong.push(`${answer.status} is not documented for ${operation.id}`)
  return [...wrong, ...(answer.status >= 400 ? problem(draft, answer) : good(operation, draft.method, answer))]
}

/** Which operation a draft reaches: another method may be another operation of the same path, HEAD is its GET. */
function reached(draft: Draft): Operation | undefined {
  const method = draft.method === 'HEAD' ? 'GET' : draft.method
  // A segment of dots or none at all leads to another path before anybody reads it.
  if (draft.segment !== null && /^(?:\.|%2e){0,2}$/i.test(draft.segment)) return undefined
  const { path } = draft.operation
  const same = operations.find((one) => one.method === method && one.path === path)
  // A fixed path such as /offerings/import is an id to the other methods of /offerings/{id}.
  const pattern = (one: Operation) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  return same ?? operations.find((one) => one.method === method && pattern(one).test(path))
}

function always(answer: Answer): string[] {
  const wrong: string[] = []
  // 502 is what another server did; it must be documented like any other.
  if (answer.status >= 500 && answer.status !== 502) wrong.push(`${answer.status} ${answer.body.slice(0, 300)}`)
  if (answer.headers['x-content-type-options'] !== 'nosniff') wrong.push('without x-content-type-options')
  if (answer.headers['cache-control'] === undefined) wrong.push('without cache-control')
  if (answer.headers['x-request-id'] === undefined) wrong.push('without x-request-id')
  if (/\n\s+at .+:\d+/.test(answer.body) || /node_modules|\.ts:\d/.test(answer.body))
    wrong.push('tells where its code is')
  return wrong
}

function problem({ method }: Draft, answer: Answer): string[] {
  const type = answer.headers['content-type'] ?? ''
  if (type !== 'application/problem+json') return [`${answer.status} as ${String(type)}`]
  if (method === 'HEAD') return answer.body === '' ? [] : ['HEAD with a body']
  const wrong: string[] = []
  const told = Problem.strict().safeParse(parse(answer.body))
  if (!told.success) return [`no problem: ${told.error.message} ${answer.body.slice(0, 300)}`]
  const { status, code, detail, title, remedy, requestId } = told.data
  if (status !== answer.status) wrong.push(`status ${status} in the problem`)
  if (requestId !== answer.headers['x-request-id']) wrong.push('another request id in the problem')
  if (!/^[a-z][a-z0-9_]+$/.test(code)) wrong.push(`code ${code}`)
  if (!/\S.*[.!?]$/s.test(detail) || title === '') wrong.push(`detail ${detail.slice(0, 200)}`)
  if (remedy?.trim() === '') wrong.push('an empty remedy')
  if (answer.body.length > longestProblem) wrong.push(`a problem of ${answer.body.length} characters`)
  return wrong
}

function good(operation: Operation, method: string, answer: Answer): string[] {
  const documented = operation.answers.get(answer.status) ?? null
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (documented === null) return answer.body === '' && type === '' ? [] : [`content with ${answer.status}: ${type}`]
  if (type !== documented) return [`${answer.status} as ${type}`]
  if (method === 'HEAD') return answer.body === '' ? [] : ['HEAD with a body']
  if (type === 'text/event-stream') return events(answer.body)
  if (operation.route.stream === 'file') return answer.body === '' ? ['an empty file'] : []
  const value = parse(answer.body)
  const told = operation.route.response?.safeParse(value)
  return told?.success === true
    ? []
    : [`the answer is not what the document says: ${told?.error.message.slice(0, 500)}`]
}

function events(text: string): string[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      return data === undefined || JobEvent.safeParse(parse(data)).success ? [] : [`no event: ${data.slice(0, 200)}`]
    })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
