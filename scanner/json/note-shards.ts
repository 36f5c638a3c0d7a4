import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import type { ShardIndexFacts } from './types.ts'

/** Notes shards that are not files beside the index, and pickles that an index of safe weights names. */
export function noteShards({ shards }: ShardIndexFacts, { path, offset, observe }: InspectContext): void {
  const safe = /\.safetensors\.index\.json$/i.test(path)
  for (const shard of shards) {
    const leaves = leavesFolder(shard) ?? leavesFolder(plainPath(shard))
    const seen = { offset, member: 'weight_map', evidence: escapeText(shard) }
    if (leaves !== undefined)
      observe({ code: 'json.shard-outside', ...seen, detail: `${leaves} ${escapeText(shard, 100)}` })
    else if (safe && /\.(bin|pt|pth|pkl|pickle|ckpt|joblib)$/i.test(shard))
      observe({ code: 'json.shard-pickle', ...seen, detail: escapeText(shard, 100) })
  }
}

/** The path as lenient readers take it: percent signs resolved, full-width dots and slashes as plain ones. */
function plainPath(text: string): string {
  return text
    .replaceAll(/%([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .normalize('NFKC')
}
