/** What each screen keeps in its address. Unknown or malformed parts are dropped, never an error. */

type Raw = Record<string, unknown>

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** Leaves out what is undefined, so that the address stays short. */
function only<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((candidate) => candidate === value)

export const sortOrders = ['-updated', 'updated', 'name', '-name', '-size', 'size'] as const
export type SortOrder = (typeof sortOrders)[number]

/** Facet selections are comma-separated lists, which stay readable in the address. */
export const catalog = (raw: Raw) =>
  only({
    q: word(raw.q),
    state: word(raw.state),
    source: word(raw.source),
    verdict: word(raw.verdict),
    modality: word(raw.modality),
    license: word(raw.license),
    tag: word(raw.tag),
    sort: oneOf(raw.sort, sortOrders),
    view: oneOf(raw.view, ['table', 'grid'] as const),
  })
export type CatalogSearch = ReturnType<typeof catalog>

/** A change of the search: undefined takes a part out. */
export type CatalogChange = { [K in keyof CatalogSearch]?: CatalogSearch[K] | undefined }

export const modelTabs = [
  'overview',
  'files',
  'security',
  'license',
  'benchmarks',
  'evaluations',
  'lineage',
  'versions',
  'deployments',
  'activity',
] as const
export type ModelTab = (typeof modelTabs)[number]

export const model = (raw: Raw) =>
  only({
    tab: oneOf(raw.tab, modelTabs),
    finding: word(raw.finding),
    /** An older scan that is shown instead of the newest one. */
    at: word(raw.at),
    /** A scan of the history, to be compared with the scan `with`. */
    scan: word(raw.scan),
    with: word(raw.with),
    question: word(raw.question),
    show: word(raw.show),
  })

export const signIn = (raw: Raw) => {
  const next = word(raw.next)
  // Only a path of this hub: never another site.
  return only({ next: next?.startsWith('/') === true && !next.startsWith('//') ? next : undefined })
}
export const setup = (raw: Raw) => only({ token: word(raw.token) })
export const wizardSteps = ['modality', 'source', 'details', 'governance', 'review'] as const
export type WizardStep = (typeof wizardSteps)[number]
/** `form` is one of the unfinished forms of this browser; `source` begins one, such as `cloud:provider/model`. */
export const wizard = (raw: Raw) =>
  only({ step: oneOf(raw.step, wizardSteps), form: word(raw.form), source: word(raw.source), name: word(raw.name) })
export const bulk = (raw: Raw) => only({ by: oneOf(raw.by, ['list', 'glob'] as const) })
export const evaluation = (raw: Raw) => only({ show: oneOf(raw.show, ['wrong'] as const) })
export const playground = (raw: Raw) => only({ model: word(raw.model) })
export const keys = (raw: Raw) => only({ create: word(raw.create) })
export const audit = (raw: Raw) => only({ action: word(raw.action), object: word(raw.object), actor: word(raw.actor) })

/** What is chosen in a list; an empty one is none, also where the router hands on what it was not told to drop. */
export const chosenIn = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

export const credentials = (raw: Raw) => only({ kind: word(raw.kind), create: word(raw.create), show: word(raw.show) })
export const providers = (raw: Raw) => only({ show: word(raw.show) })
export const offeringSources = ['human', 'provider', 'catalog', 'bundled'] as const
export const offerings = (raw: Raw) =>
  only({
    q: word(raw.q),
    provider: word(raw.provider),
    modality: word(raw.modality),
    status: word(raw.status),
    from: oneOf(raw.from, offeringSources),
    max: word(raw.max),
    show: word(raw.show),
  })
export type OfferingSearch = ReturnType<typeof offerings>
export const licenseClasses = [
  'permissive',
  'weak_copyleft',
  'copyleft',
  'non_commercial',
  'use_restricted',
  'proprietary',
  'unknown',
] as const
export const knownLicenses = (raw: Raw) => only({ q: word(raw.q), class: oneOf(raw.class, licenseClasses) })
export type KnownLicenseSearch = ReturnType<typeof knownLicenses>
export const tokens = (raw: Raw) => only({ create: word(raw.create) })
