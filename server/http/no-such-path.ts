import { type RouteDefinition, routes } from '../../contract/index.ts'
import { type HubError, invalid, notFound } from '../../kernel/index.ts'
import { apiBase } from './openapi.ts'

const paths = Map.groupBy(Object.values(routes) as RouteDefinition[], ({ path }) => path)
const patterns = [...paths].map(([path, definitions]) => ({
  pattern: new RegExp(`^${apiBase}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  methods: definitions.map(({ method }) => method.toUpperCase()),
}))

/** What is said at a path that nothing answers: 405 with the methods it has (`details.allow`) where it has any, else 404. */
export function noSuchPath(method: string, path: string): HubError {
  const allow = [...new Set(patterns.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : [])))]
  return allow.length === 0
    ? notFound('no_such_path', `There is nothing at ${method} ${shortened(path)}.`, 'See /docs for the operations.')
    : invalid('method_not_allowed', `${shortened(path)} takes no ${method}.`, 'See /docs for the operations.', {
        details: { status: 405, allow },
      })
}

const shortened = (path: string) => (path.length <= 300 ? path : `${path.slice(0, 299)}…`)
