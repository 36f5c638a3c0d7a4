import type { Manifest } from './read-manifest.ts'

/**
 * These bring binaries of one platform, so npm fetches them where the product is installed. All others travel inside the
 * tarball: npm 10, which comes with Node 20, stops with an error of its own when it resolves the optional peers of better-auth,
 * and what is inside needs no resolving. It must be all of them, because zod twice (ours inside, that of @hono/zod-openapi
 * outside) would not know each other's schemas.
 */
const fetchedByNpm = new Set(['node', 'node-llama-cpp'])

/** Ways in which package.json would make a tarball that does not install as it should. */
export function problemsOfManifest({ dependencies, bundleDependencies }: Manifest): string[] {
  const bundled = new Set(bundleDependencies)
  const wanted = Object.keys(dependencies).filter((name) => !fetchedByNpm.has(name))
  return [
    ...wanted.filter((name) => !bundled.has(name)).map((name) => `${name} is missing in bundleDependencies.`),
    ...bundleDependencies
      .filter((name) => !wanted.includes(name))
      .map((name) => `${name} must not be in bundleDependencies.`),
  ]
}
