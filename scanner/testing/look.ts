import { inspect } from '../inspect.ts'
import { judge } from '../judge.ts'
import { readerOf } from '../reader.ts'
import type { FileFacts, Finding } from '../types.ts'

export type Look = { facts: FileFacts; verdict: string; findings: Finding[]; ids: string[] }

/** Facts and judgement of bytes, in this process. */
export function look(bytes: Uint8Array, path: string = ''): Look {
  const facts = inspect(readerOf(bytes), { path })
  const { verdict, findings } = judge(facts, { path })
  return { facts, verdict, findings, ids: findings.map((finding) => finding.ruleId) }
}
