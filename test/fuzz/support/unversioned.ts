import { full, type Random } from './plan.ts'
import type { Answer, FuzzRequest, Sender } from './send.ts'

type Expected = { target: string; statuses: number[]; type?: string; headers?: [string, string][]; methods?: string[] }

const page = 'text/html'
const reading = ['GET', 'HEAD']
const changing = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']

/** Paths beside the operations, and what may come back for GET and HEAD. */
const paths: readonly Expected[] = [
  { target: '/\u00ff', statuses: [400], methods: ['GET', 'HEAD', 'POST', 'TRACE'] },
  { target: '/healthz', statuses: [200], type: 'application/json' },
  { target: '/readyz', statuses: [200], type: 'application/json' },
  { target: '/metrics', statuses: [200], type: 'text/plain' },
  { target: '/metrics?x=%zz&__proto__=1', statuses: [200], type: 'text/plain' },
  { target: '/openapi.json', statuses: [200], type: 'application/json' },
  { target: '/docs', statuses: [200], type: page },
  ...[
    '/',
    '/models/x%2Fy',
    '/setup?token=%00',
    '/index.html',
    '/%00',
    '/%zz',
    '/%ff',
    '//',
    '//evil.example/%2f..',
    '/.env',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    `/${'a'.repeat(7_000)}`,
    '/API/V1/models',
    '/health',
    '/docs/',
  ].map((target) => ({ target, statuses: [200], type: page })),
  ...[
    '/assets/missing.js',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%00.js',
    '/api/',
    '/api/v1/',
    '/api/v2/models',
    '/api/v1/models/',
    '/api/v1/Models',
    '/api/v1//models',
    '/api/v1/auth/get-session',
    '/api/v1/auth/ok',
    '/api/auth/session',
    '/internal/',
    '/internal/v1/usage',
    '/internal/v2/snapshot',
    '/api/v1/storage',
    '/api/v1/versions/a/b/c',
  ].map((target) => ({ target, statuses: [404, 405] })),
  // The Hugging Face door speaks to its clients in their own words.
  { target: '/hf/', statuses: [404], type: 'application/json' },
  { target: '/hf/acme/none/resolve/main/config.json', statuses: [401], type: 'application/json' },
  { target: '/hf/api/models', statuses: [401], type: 'application/json' },
  { target: '/hf/%00', statuses: [404], type: 'application/json' },
  ...['', 'Bearer ', 'Bearer x', 'Basic eDp5', `Bearer ${'x'.repeat(6_000)}`].map(
    (authorization): Expected => ({
      target: '/internal/v1/snapshot',
      statuses: [401],
      headers: [['authorization', authorization]],
    }),
  ),
  { target: '/api/v1/auth/sign-in/email', statuses: [404], methods: ['POST'] },
  { target: '/api/v1/auth/sign-up/email', statuses: [404], methods: ['POST'] },
  { target: '/internal/v1/usage', statuses: [401], methods: ['POST'] },
]

/** Asks for each of these paths by every method, in a slice by one that changes something; gives what was wrong and how many requests it took. */
export async function probeUnversioned(
  sender: Sender,
  random: Random,
): Promise<{ requests: number; failures: string[] }> {
  const failures: string[] = []
  let requests = 0
  for (const { target, statuses, type, headers = [], methods } of paths) {
    for (const method of methods ?? [...reading, ...(full ? changing : [random.pick(changing)])]) {
      const sent: FuzzRequest = { method, target, headers, body: method === 'POST' ? Buffer.from('{}') : null }
      const answer = await sender.send(sent)
      requests += 1
      const asked = methods !== undefined || reading.includes(method)
      const wrong = wrongWith(answer, asked ? statuses : [401, 403, 404, 405], asked ? type : undefined, method)
      if (wrong !== null) failures.push(`${method} ${target.slice(0, 100)}: ${wrong}`)
    }
  }
  return { requests, failures }
}

function wrongWith(
  answer: Answer,
  statuses: readonly number[],
  type: string | undefined,
  method: string,
): string | null {
  if (answer.broken !== null) return answer.broken
  const told = String(answer.headers['content-type'])
  if (!statuses.includes(answer.status)) return `${answer.status} ${answer.body.slice(0, 200)}`
  if (answer.headers['x-content-type-options'] !== 'nosniff') return 'without x-content-type-options'
  if (answer.status >= 400 && !told.startsWith('application/json;')) {
    return told === 'application/problem+json' ? null : `${answer.status} as ${told}`
  }
  if (type !== undefined && !told.startsWith(type)) return `as ${told}`
  return method === 'HEAD' && answer.body !== '' ? 'HEAD with content' : null
}
