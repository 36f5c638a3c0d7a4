import { invalid } from '../kernel/index.ts'

export type ChildSecrets = {
  joinToken: string
  engine: { socketPath: string; secret: string } | null
  /** The data folder that the hub was started with (see `assertSameFolder`); `made` once it has been ready there. */
  folder: { identity: string | undefined; made: boolean }
}

/** What the supervisor hands its children beside the configuration. Read once, at start. */
export function readChildSecrets(env: Record<string, string | undefined> = readEnvironment()): ChildSecrets {
  const joinToken = env['MODELHUB_JOIN_TOKEN']
  if (joinToken === undefined) {
    throw invalid('join_token_missing', 'MODELHUB_JOIN_TOKEN is not set.', 'Start the hub with `modelhub serve`.')
  }
  const socketPath = env['MODELHUB_ENGINE_SOCKET']
  const secret = env['MODELHUB_ENGINE_SECRET']
  return {
    joinToken,
    engine: socketPath === undefined || secret === undefined ? null : { socketPath, secret },
    folder: { identity: env['MODELHUB_DATA_IDENTITY'], made: env['MODELHUB_DATA_MADE'] === 'yes' },
  }
}

function readEnvironment(): Record<string, string | undefined> {
  // oxlint-disable-next-line node/no-process-env -- per-start secrets of the supervisor are no configuration of the hub
  return process.env
}
