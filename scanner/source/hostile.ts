import { hostileCommand } from '../python/kinds.ts'
import type { Observation } from '../types.ts'

/** Calls of other languages that start programs or run decoded text. Each alternative is bounded, so that matching stays linear. */
const calls =
  /\b(?:require\(\s{0,4}['"](?:node:)?child_process['"]|child_process['"]\s{0,4}\)|eval\s{0,4}\(\s{0,4}(?:atob|Buffer\.from|unescape)\b|new Function\s{0,4}\(\s{0,4}atob\b|Runtime\.getRuntime\(\)\.exec\b|new ProcessBuilder\b|WScript\.Shell|ShellExecute|ActiveXObject|os\.execute\s{0,4}\(|io\.popen\s{0,4}\(|Process\.Start\s{0,4}\(|IEX\s{0,4}\(|DownloadString\s{0,4}\(|Invoke-(?:Expression|WebRequest)\b|certutil(?:\.exe)?\s{1,8}-urlcache|bitsadmin\b|mshta\b|regsvr32\b)/

/** Notes commands and calls in program text that fetch and run, open shells to elsewhere, or run what they decode. At most one of each window. */
export function noteHostile(text: string, offset: number, observe: (observation: Observation) => void): void {
  const match = hostileCommand.exec(text) ?? calls.exec(text)
  if (match !== null)
    observe({
      code: 'source.hostile',
      offset: offset + match.index,
      evidence: text.slice(match.index, match.index + 160),
    })
}
