/**
 * What may be reached from here: the policy of every program that goes out to the network. What dials by it is `guarded-connector.ts`,
 * a door of its own because it loads undici, which a program that only reads its settings has no use for.
 */
export { type AllowList, parseAllowList } from './allow-list.ts'
export { checkUrl, type Policy, parseUrl } from './check-url.ts'
export { type ProxySettings, proxyFor, proxyFromEnvironment } from './proxy.ts'
export { safeUrl } from './safe-url.ts'
