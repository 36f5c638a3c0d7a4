import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Which process listens on a TCP port of this machine; undefined where that cannot be seen, such as another user's. */
export function holderOf(port: number): { pid: number; command: string } | undefined {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  for (const name of names('/proc')) {
    if (!/^\d+$/.test(name)) continue
    for (const file of names(`/proc/${name}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${name}/fd/${file}`))?.[1]
      if (inode === undefined || !inodes.has(inode)) continue
      return { pid: Number(name), command: text(`/proc/${name}/comm`).trim() || 'a program' }
    }
  }
  return undefined
}

/** State 0A is "listening"; addresses are in hexadecimal (proc_net_tcp of the kernel's documentation). */
function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return text(`/proc/net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${wanted}`) === true && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? [])
}

const orEmpty = <T>(read: () => T, empty: T): T => {
  try {
    return read()
  } catch {
    return empty
  }
}
const names = (folder: string): string[] => orEmpty(() => readdirSync(folder), [])
const text = (path: string): string => orEmpty(() => readFileSync(path, 'utf8'), '')
const link = (path: string): string => orEmpty(() => readlinkSync(path), '')
