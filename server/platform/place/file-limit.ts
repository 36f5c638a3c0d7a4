import { readFileSync } from 'node:fs'
import { invalid } from '../../../kernel/index.ts'

/** The control plane needs about so many with an idle database, a gateway that is connected and a few requests. */
export const fewestFiles = 256

/** Most files one process may open; Node raises the soft limit to the hard one by itself. Undefined where the system does not say. */
export function fileLimit(): number | undefined {
  try {
    const line = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    const limit = Number(line)
    return line === 'unlimited' ? Number.POSITIVE_INFINITY : Number.isInteger(limit) ? limit : undefined
  } catch {
    return undefined
  }
}

/** Throws `invalid` `too_few_open_files` where the limit of open files is too low for a hub. */
export function assertFileLimit(limit: number | undefined = fileLimit()): void {
  if (limit === undefined || limit >= fewestFiles) return
  throw invalid(
    'too_few_open_files',
    `This process may open ${limit} files; the hub needs ${fewestFiles}.`,
    'Raise the limit where the hub is started: ulimit -n 4096, or LimitNOFILE=65536 in its systemd unit.',
    { details: { limit, needed: fewestFiles } },
  )
}
