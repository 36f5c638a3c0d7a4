import { useInfiniteQuery } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub, type Schema } from '../../../app/client.ts'
import type { Status } from '../../../ui/status.ts'
import type { Version } from '../use-model.ts'
import { eventWords } from './words.ts'

export type OwnerEvent = Schema<'OwnerEvent'>

/** What owners should hear of, newest first: of one version, or of all. */
export function useOwnerEvents(version: Version | undefined) {
  return useInfiniteQuery({
    queryKey: ['events', version?.id, version?.updatedAt, version?.activeJobId],
    queryFn: ({ pageParam }) =>
      unwrap(
        hub.GET('/events', {
          params: {
            query: {
              limit: version === undefined ? 20 : 5,
              ...(version === undefined ? {} : { version: version.id }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled: version?.hosted == null,
  })
}

const looks: Record<OwnerEvent['kind'], Omit<Status, 'label'>> = {
  needs_attention: { tone: 'fail', icon: 'octagon', quiet: false },
  findings_rose: { tone: 'warn', icon: 'alert', quiet: false },
  findings_cleared: { tone: 'pass', icon: 'circle-check', quiet: true },
  quarantined: { tone: 'fail', icon: 'lock', quiet: false },
  license_worse: { tone: 'warn', icon: 'alert', quiet: false },
}

export const eventStatus = (kind: OwnerEvent['kind']): Status => ({ ...looks[kind], label: eventWords.kinds[kind] })
