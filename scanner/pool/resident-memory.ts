import { readFile } from 'node:fs/promises'

const pageSize = 4096

/** Resident bytes of a process, or undefined where /proc does not tell. Page size 4 KiB on x64; on larger pages the figure is too low. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8')
    const pages = Number(statm.split(' ')[1])
    return Number.isFinite(pages) ? pages * pageSize : undefined
  } catch {
    return undefined
  }
}
