/** A pointer has three short lines; Git LFS itself calls nothing larger a pointer. */
const maxPointerBytes = 1_024
const pointer =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\n(?:[a-z0-9.-]+ .*\n)*oid sha256:[0-9a-f]{64}\n(?:[a-z0-9.-]+ .*\n)*$/

/**
 * True when the file is what Git leaves in place of a large file until Git LFS fetches it.
 * Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 * @param head the first bytes of the file
 * @param size bytes of the whole file
 */
export function isLfsPointer(head: Uint8Array, size: number): boolean {
  if (size > maxPointerBytes || head.length < size) return false
  return pointer.test(new TextDecoder().decode(head.subarray(0, size)))
}
