import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'

export type SmallDisk = {
  /** Where it is mounted: the disk's own root. */
  path: string
  freeBytes: () => number
  /** Writes a file of zeros until only `leave` bytes are free. */
  fill: (leave?: number) => void
  /** Removes that file. */
  makeRoom: () => void
  /** `ro` refuses while a file is open for writing. Gives whether it was done. */
  remount: (mode: 'ro' | 'rw') => boolean
}

const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' })

/** Whether this machine lets us mount a file system in memory. */
function able(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mh-mount-'))
  const mounted = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder).status === 0
  if (mounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return mounted
}

/** `describe` for suites that need a disk of their own; where nothing can be mounted they say so and are skipped. */
export function describeSmallDisk(name: string, define: () => void): void {
  const can = able()
  if (!can) process.stderr.write(`skipped: ${name}: no file system can be mounted here\n`)
  describe.skipIf(!can)(name, define)
}

/**
 * Small real disks in memory for the tests of a suite, unmounted at its end. Call it before `useHubs`: what is registered first ends last.
 */
export function useSmallDisks(): (megabytes: number) => SmallDisk {
  const made: string[] = []
  afterAll(() => {
    for (const path of made) {
      // Lazily: whatever still holds a file there must not keep the folder in the list of mounts.
      if (spawnSync('umount', [path]).status !== 0) spawnSync('umount', ['-l', path])
      rmdirSync(path)
    }
  })
  return (megabytes) => {
    const path = mkdtempSync(join(tmpdir(), 'mh-disk-'))
    const { status, stderr } = mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', path)
    if (status !== 0) throw new Error(`cannot mount: ${stderr}`)
    made.push(path)
    return diskAt(path)
  }
}

function diskAt(path: string): SmallDisk {
  const filler = join(path, 'filler')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  return {
    path,
    freeBytes,
    fill: (leave = 0) => {
      const file = openSync(filler, 'a')
      const zeros = Buffer.alloc(1024 * 1024)
      try {
        for (let left = freeBytes() - leave; left > 0; left = freeBytes() - leave) {
          writeSync(file, zeros, 0, Math.min(left, zeros.length))
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        closeSync(file)
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remount: (mode) => mount('-o', `remount,${mode}`, path).status === 0,
  }
}
