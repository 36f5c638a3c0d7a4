import type { Reservation } from '../../../platform/place/index.ts'
import { type UploadDeps, uploadFolder } from './deps.ts'
import { noUpload } from './errors.ts'
import { findUpload } from './upload-store.ts'

/** Whoever has sent nothing for so long is promised room no more; with the next bytes it is asked for again (ms). */
const idleMs = 900_000

export type Rooms = {
  /** Room for what is missing of an upload, promised while bytes come. Throws `limit` `disk_full` with the shortfall. */
  of: (id: string) => Promise<Pick<Reservation, 'took'>>
  release: (id: string) => void
  stop: () => void
}

export function createRooms(deps: UploadDeps): Rooms {
  const held = new Map<string, { room: Reservation; timer: NodeJS.Timeout }>()
  const release = (id: string) => {
    const one = held.get(id)
    held.delete(id)
    clearTimeout(one?.timer)
    one?.room.release()
  }
  return {
    of: async (id) => {
      let one = held.get(id)
      if (one === undefined) {
        const upload = await findUpload(deps.database.db, id)
        if (upload === undefined) throw noUpload(id)
        one = held.get(id) ?? {
          room: deps.reserveRoom(uploadFolder(deps, id), upload.total_bytes - upload.received_bytes),
          timer: setTimeout(() => release(id), idleMs).unref(),
        }
        held.set(id, one)
      }
      const { room, timer } = one
      timer.refresh()
      return {
        took: (bytes) => {
          timer.refresh()
          room.took(bytes)
        },
      }
    },
    release,
    stop: () => {
      for (const id of held.keys()) release(id)
    },
  }
}
