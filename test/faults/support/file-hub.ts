import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../../kernel/index.ts'
import { createScannerPool, type ScannerPool } from '../../../scanner/index.ts'
import { getVersion, patchVersion } from '../../../server/modules/catalog/index.ts'
import type { Download } from '../../../server/modules/lifecycle/deps.ts'
import type { LifecycleJobDeps } from '../../../server/modules/lifecycle/index.ts'
import { moveVersion } from '../../../server/modules/lifecycle/move-version.ts'
import type { OnboardContext } from '../../../server/modules/lifecycle/onboard-context.ts'
import { checkSignatures } from '../../../server/modules/lifecycle/provenance/check-signatures.ts'
import { decide } from '../../../server/modules/lifecycle/steps/decide.ts'
import { describe as describeStep } from '../../../server/modules/lifecycle/steps/describe.ts'
import { ingest } from '../../../server/modules/lifecycle/steps/ingest.ts'
import { inspect } from '../../../server/modules/lifecycle/steps/inspect.ts'
import { license } from '../../../server/modules/lifecycle/steps/license.ts'
import { plan } from '../../../server/modules/lifecycle/steps/plan.ts'
import { seal } from '../../../server/modules/lifecycle/steps/seal.ts'
import type { SourceContext } from '../../../server/modules/sources/index.ts'
import { systemActor } from '../../../server/platform/actor.ts'
import type { Database } from '../../../server/platform/db/index.ts'
import { addDraft, setUpHub, temporaryFolder, uniqueName } from '../../support/index.ts'

const steps = { plan, ingest, seal, signatures: checkSignatures, inspect, license, describe: describeStep }
export type StepName = keyof typeof steps

export type FileHub = {
  deps: () => LifecycleJobDeps
  /** A draft of a folder or file. */
  register: (path: string, mode?: 'in_place' | 'copy') => Promise<string>
  /** Runs the steps of an onboarding without an engine, with the files of the disk as they are; gives the version. */
  onboard: (versionId: string, options?: OnboardOptions) => ReturnType<typeof getVersion>
  /** What the last onboarding logged. */
  logged: () => string[]
}

export type OnboardOptions = {
  signal?: AbortSignal
  /** Called before each step. */
  before?: (step: StepName | 'decide') => unknown
  progress?: OnboardContext['progress']
}

export type FileHubOptions = {
  scanner?: () => ScannerPool
  /** The virus scanner that is asked as well. */
  antivirus?: () => LifecycleJobDeps['antivirus']
  /** How sources elsewhere are reached. */
  remote?: () => { sources: Partial<SourceContext>; download?: Download }
}

/** The modules of a hub on a real database, with real scanner children, and the system's clock. */
export function setUpFileHub(getDb: () => Database, options: FileHubOptions = {}): FileHub {
  const hub = setUpHub(getDb)
  let scanner: ScannerPool | undefined
  let log: string[] = []
  beforeAll(() => {
    scanner = options.scanner?.() ?? createScannerPool({ size: 2 })
  })
  afterAll(async () => await scanner?.close())
  const deps = (): LifecycleJobDeps => {
    if (scanner === undefined) throw new Error('there is a scanner only inside a test')
    const { sources, download } = options.remote?.() ?? { sources: {} }
    const antivirus = options.antivirus?.()
    return {
      ...hub(),
      clock: systemClock,
      scanner,
      sources: { roots: roots.map(String), ...sources },
      ...(download === undefined ? {} : { download }),
      ...(antivirus === undefined ? {} : { antivirus }),
      serve: async () => null,
    }
  }
  const roots: string[] = []
  return {
    deps,
    logged: () => log,
    register: async (path, mode = 'in_place') => {
      roots.push(path)
      return await addDraft(hub(), {
        name: uniqueName('files'),
        source: { type: 'disk', path, mode },
        sourceAddress: path,
      })
    },
    onboard: async (versionId, { signal = new AbortController().signal, before, progress } = {}) => {
      log = []
      const made = deps()
      const version = await getVersion(made.database.db, versionId)
      const ctx: OnboardContext = {
        jobId: made.newId('job'),
        versionId,
        projectId: version.project_id,
        onboarding: { benchmark: false, evaluate: false, publish: false },
        actor: systemActor,
        signal,
        progress: progress ?? (() => undefined),
        log: (_level, message) => void log.push(message),
        tx: (body) => made.database.transaction(body),
      }
      await made.database.transaction((trx) =>
        moveVersion(made, trx, { version, to: 'ingesting', actor: systemActor, action: 'version.ingest' }),
      )
      try {
        for (const [name, run] of Object.entries(steps)) {
          await before?.(name as StepName)
          await run(made, ctx)
        }
      } catch (error) {
        // As the job does, so that the version can be tried again.
        await made.database.transaction(async (trx) =>
          moveVersion(made, trx, {
            version: await getVersion(trx, versionId),
            to: signal.aborted ? 'draft' : 'needs_attention',
            actor: systemActor,
            action: 'version.needs_attention',
          }),
        )
        throw error
      }
      await before?.('decide')
      await made.database.transaction((trx) => decide(made, ctx, trx, false))
      await made.database.transaction((trx) => patchVersion(trx, versionId, { active_job_id: null }, new Date()))
      return await getVersion(made.database.db, versionId)
    },
  }
}

/** A folder for the tests of a block, made only when they run. */
export function useFolder(name: string): { readonly path: string } {
  let path: string | undefined
  beforeAll(() => {
    path = temporaryFolder(name).path
  })
  // By the tool: no call could name paths as long as some tests make.
  afterAll(() => void (path !== undefined && execFileSync('rm', ['-rf', path])))
  return {
    get path() {
      if (path === undefined) throw new Error('there is a folder only inside a test')
      return path
    },
  }
}
