import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../kernel/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { replaceFileDurably } from '../../platform/durable-files.ts'
import type { Log } from '../../platform/log.ts'
import type { AuditSeal } from './audit-seal.ts'
import { readAuditChain, readAuditHead } from './store.ts'

/** An event that was in the database once, noted outside of it. */
export type Anchor = { seq: number; hash: string }

export type AuditAnchor = {
  path: string
  /** Tells that an event was written; its place is noted within about a second of its commit. */
  touch: () => void
  /** The noted event; null when none was noted yet. `damaged`: the file is not as this hub wrote it. */
  read: () => Promise<Anchor | 'damaged' | null>
  /** Notes the newest event and stops. */
  close: () => Promise<void>
}

const file = 'audit-anchor.json'
const pauseMs = 1_000
/** An event may be told of before its transaction has ended: look again this often. */
const looks = 5

/**
 * Notes the newest event of the audit trail in a sealed file beside the database. A chain whose end was cut off, or that was replaced by
 * an older one of the same hub, no longer holds that event.
 */
export function createAuditAnchor(deps: { db: Db; dataFolder: string; seal: AuditSeal; log: Log }): AuditAnchor {
  const path = join(deps.dataFolder, file)
  const sealed = ({ seq, hash }: Anchor) => `anchor ${seq} ${hash}`
  let timer: NodeJS.Timeout | undefined
  let left = 0
  let noted = 0
  let closed = false

  /** Processes that share a data folder may write it at the same time: what looks damaged is read once more. */
  const read = async () => {
    const first = await readOnce()
    if (first !== 'damaged') return first
    await sleep(300)
    return await readOnce()
  }
  const readOnce = async (): Promise<Anchor | 'damaged' | null> => {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return null
    const { seq, hash, seal } = membersOf(text)
    if (typeof seq !== 'number' || typeof hash !== 'string' || typeof seal !== 'string') return 'damaged'
    return deps.seal.fits(sealed({ seq, hash }), seal) ? { seq, hash } : 'damaged'
  }
  /** An anchor that the chain does not hold is evidence, and stays. */
  const mayReplace = async (): Promise<boolean> => {
    const present = await read()
    if (present === null) return true
    if (present === 'damaged') return false
    const [event] = await readAuditChain(deps.db, present.seq - 1, 1)
    return event?.seq === present.seq && event.hash === present.hash
  }
  const note = async () => {
    const head = await readAuditHead(deps.db)
    if (head === undefined || head.seq <= noted) return
    if (!(await mayReplace())) {
      left = 0
      throw new Error('the trail does not hold the event of the anchor; run `modelhub audit verify`')
    }
    replaceFileDurably(path, `${JSON.stringify({ ...head, seal: deps.seal.of(sealed(head)) })}\n`)
    noted = head.seq
    left = 0
  }
  const later = () => {
    if (closed || timer !== undefined || left === 0) return
    timer = setTimeout(() => {
      left -= 1
      note()
        .catch((error: unknown) => deps.log.warn({ reason: messageOf(error) }, 'the audit anchor could not be written'))
        .finally(() => {
          timer = undefined
          later()
        })
    }, pauseMs)
    timer.unref()
  }

  return {
    path,
    touch: () => {
      left = looks
      later()
    },
    read,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await note().catch((error: unknown) =>
        deps.log.warn({ reason: messageOf(error) }, 'the audit anchor could not be written'),
      )
    },
  }
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
