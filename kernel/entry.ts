/**
 * The file to start as a child process or worker, for a checkout and for the packed product alike: beside a `.ts` file it is
 * the `.ts` (Node strips the types), beside a compiled `.js` it is the `.js`.
 * @param name path without extension, relative to the caller, such as `./child`
 * @param base the caller's `import.meta.url`
 */
export function entry(name: string, base: string): URL {
  const extension = base.endsWith('.ts') ? '.ts' : '.js'
  return new URL(name + extension, base)
}
