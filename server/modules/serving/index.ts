/** Serving: deployments, routes, the snapshot that gateways get, and the usage they send back. */
export { type CompileDeps, compileSnapshot } from './compile-snapshot.ts'
export { listDeployments, listRequests, listRoutes, listUsage } from './read-serving.ts'
export { hostedSpecs, serveHosted } from './serve-hosted.ts'
export { serveVersion } from './serve-version.ts'
export { createSnapshotChannel, type SnapshotChannel } from './snapshot-channel.ts'
export { storeUsage } from './store-usage.ts'
