import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
  redirect,
} from '@tanstack/react-router'
import { Frame } from './frame.tsx'
import { NotFoundPage } from './not-found.tsx'
import { queryClient } from './query-client.ts'
import { RouteError, RoutePending } from './route-states.tsx'
import * as search from './search.ts'
import { sessionQuery, setupQuery } from './session.ts'

/** A screen in a chunk of its own. Its type is fixed here so that screens may know the router's types without a circle. */
const screen = (load: () => Promise<unknown>, name: string): RouteComponent =>
  lazyRouteComponent(load as () => Promise<Record<string, RouteComponent>>, name) as unknown as RouteComponent

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search.signIn,
  beforeLoad: async ({ search: { next } }) => {
    const viewer = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
    if (viewer !== null) throw redirect({ href: next ?? '/models' })
  },
  loader: () => queryClient.fetchQuery(setupQuery),
  component: screen(() => import('../features/access/sign-in-page.tsx'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: search.setup,
  loader: () => queryClient.fetchQuery(setupQuery),
  component: screen(() => import('../features/access/setup-page.tsx'), 'SetupPage'),
})

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const viewer = await queryClient.ensureQueryData(sessionQuery)
    if (viewer === null) throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
  component: Frame,
})

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/models', replace: true })
  },
})

/** Holds the catalog and the model pages, so that the bare path is never taken for a model without a name. */
const models = createRoute({ getParentRoute: () => app, path: '/models', component: Outlet })
const catalog = createRoute({
  getParentRoute: () => models,
  path: '/',
  validateSearch: search.catalog,
  component: screen(() => import('../features/catalog/catalog-page.tsx'), 'CatalogPage'),
})
const model = createRoute({
  getParentRoute: () => models,
  path: '$',
  validateSearch: search.model,
  component: screen(() => import('../features/model/model-page.tsx'), 'ModelPage'),
})
const onboarding = createRoute({
  getParentRoute: () => app,
  path: '/onboarding',
  component: screen(() => import('../features/onboarding/onboarding-page.tsx'), 'OnboardingPage'),
})
const wizard = createRoute({
  getParentRoute: () => app,
  path: '/onboarding/new',
  validateSearch: search.wizard,
  component: screen(() => import('../features/onboarding/wizard/wizard-page.tsx'), 'WizardPage'),
})
const bulk = createRoute({
  getParentRoute: () => app,
  path: '/onboarding/bulk',
  validateSearch: search.bulk,
  component: screen(() => import('../features/onboarding/bulk/bulk-page.tsx'), 'BulkPage'),
})
const job = createRoute({
  getParentRoute: () => app,
  path: '/onboarding/$jobId',
  component: screen(() => import('../features/onboarding/job/job-page.tsx'), 'JobPage'),
})
const benchmarks = createRoute({
  getParentRoute: () => app,
  path: '/benchmarks',
  component: screen(() => import('../features/benchmarks/benchmarks-page.tsx'), 'BenchmarksPage'),
})
const benchmark = createRoute({
  getParentRoute: () => app,
  path: '/benchmarks/$runId',
  component: screen(() => import('../features/benchmarks/benchmark-page.tsx'), 'BenchmarkPage'),
})
const evaluations = createRoute({
  getParentRoute: () => app,
  path: '/evaluations',
  component: screen(() => import('../features/evaluations/evaluations-page.tsx'), 'EvaluationsPage'),
})
const evaluation = createRoute({
  getParentRoute: () => app,
  path: '/evaluations/$runId',
  validateSearch: search.evaluation,
  component: screen(() => import('../features/evaluations/evaluation-page.tsx'), 'EvaluationPage'),
})
const playground = createRoute({
  getParentRoute: () => app,
  path: '/playground',
  validateSearch: search.playground,
  component: screen(() => import('../features/playground/playground-page.tsx'), 'PlaygroundPage'),
})
const keys = createRoute({
  getParentRoute: () => app,
  path: '/keys',
  validateSearch: search.keys,
  component: screen(() => import('../features/keys/keys-page.tsx'), 'KeysPage'),
})
const policies = createRoute({
  getParentRoute: () => app,
  path: '/policies',
  component: screen(() => import('../features/governance/policies-page.tsx'), 'PoliciesPage'),
})
const approvals = createRoute({
  getParentRoute: () => app,
  path: '/approvals',
  component: screen(() => import('../features/governance/approvals-page.tsx'), 'ApprovalsPage'),
})
const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: search.audit,
  component: screen(() => import('../features/governance/audit-page.tsx'), 'AuditPage'),
})
const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: screen(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
})
const credentials = createRoute({
  getParentRoute: () => app,
  path: '/settings/credentials',
  validateSearch: search.credentials,
  component: screen(() => import('../features/settings/credentials/credentials-page.tsx'), 'CredentialsPage'),
})
const providers = createRoute({
  getParentRoute: () => app,
  path: '/settings/providers',
  validateSearch: search.providers,
  component: screen(() => import('../features/settings/providers/providers-page.tsx'), 'ProvidersPage'),
})
const offerings = createRoute({
  getParentRoute: () => app,
  path: '/settings/offerings',
  validateSearch: search.offerings,
  component: screen(() => import('../features/settings/offerings/offerings-page.tsx'), 'OfferingsPage'),
})
const tokens = createRoute({
  getParentRoute: () => app,
  path: '/settings/tokens',
  validateSearch: search.tokens,
  component: screen(() => import('../features/settings/tokens-page.tsx'), 'TokensPage'),
})
const licenses = createRoute({
  getParentRoute: () => app,
  path: '/settings/licenses',
  component: screen(() => import('../features/settings/licenses/license-profile-page.tsx'), 'LicenseProfilePage'),
})
const knownLicenses = createRoute({
  getParentRoute: () => app,
  path: '/settings/known-licenses',
  validateSearch: search.knownLicenses,
  component: screen(() => import('../features/settings/licenses/known-licenses-page.tsx'), 'KnownLicensesPage'),
})
const scanner = createRoute({
  getParentRoute: () => app,
  path: '/settings/scanner',
  component: screen(() => import('../features/settings/scanner/scanner-page.tsx'), 'ScannerPage'),
})
const signers = createRoute({
  getParentRoute: () => app,
  path: '/settings/signers',
  component: screen(() => import('../features/settings/signers/signers-page.tsx'), 'SignersPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    app.addChildren([
      home,
      models.addChildren([catalog, model]),
      onboarding,
      wizard,
      bulk,
      job,
      benchmarks,
      benchmark,
      evaluations,
      evaluation,
      playground,
      keys,
      policies,
      approvals,
      audit,
      settings,
      credentials,
      providers,
      offerings,
      tokens,
      licenses,
      knownLicenses,
      scanner,
      signers,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: RoutePending,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
  pathParamsAllowedCharacters: ['@'],
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
