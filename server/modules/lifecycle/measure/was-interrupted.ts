import type { EngineClient } from '../../../../engine/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { untilReachable } from './until-reachable.ts'

/**
 * Whether the engine of a deployment, or its host, has ended and begun anew since it had this process id. A connection that the host
 * closed after a long silence says nothing of that: the host is asked again, and what it says then counts.
 */
export async function wasInterrupted(
  engine: Pick<EngineClient, 'get'>,
  deploymentId: string,
  pid: number | null,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const now = await untilReachable(() => engine.get(deploymentId, signal), ['engine_host_unreachable'], signal)
    return now.pid !== pid
  } catch (error) {
    signal?.throwIfAborted()
    // A host that has just come back knows no deployments.
    if (error instanceof HubError) return true
    throw error
  }
}
