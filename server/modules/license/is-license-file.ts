/** True for the names that hold a license text by custom, in the first folder or under a `license` folder. */
export function isLicenseFile(path: string): boolean {
  return /^(?:licen[cs]es?\/)?(?:licen[cs]e|copying|unlicense)([._-][\w.-]*)?$/i.test(path)
}

/** True for files that go along with a license and are no license: notices and use policies. */
export function accompaniesLicense(path: string): boolean {
  return /^(?:notice|use[_-]?policy|acceptable[_-]use[_-]policy|aup)([._-][\w.-]*)?$/i.test(path)
}

/** License files in the order they are believed in: one for the model before others, a plain LICENSE before COPYING. */
export function byRelevance(a: string, b: string): number {
  const rank = (path: string) =>
    /model|weights/i.test(path) ? 0 : /code|source/i.test(path) ? 3 : /^licen[cs]e/i.test(path) ? 1 : 2
  return rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1)
}
