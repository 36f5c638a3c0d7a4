import { baseName } from '../path.ts'
import type { Observation } from '../types.ts'

const index = /^[ \t]{0,16}(?:--(?:extra-)?index-url|-i|--find-links|-f|--trusted-host)[ =][^\n]{0,200}/m
const direct =
  /^[ \t]{0,16}(?:[\w.[\]-]{1,100}[ \t]{0,8}@[ \t]{0,8})?((?:git|hg|svn|bzr)\+[^\s]{1,300}|https?:\/\/[^\s]{1,300}|file:[^\s]{1,300}|ftp:[^\s]{1,300})/m

/** Where a list of requirements makes an installer look besides its own index. Source: pip, requirements file format. */
export function noteRequirements(
  text: string,
  offset: number,
  path: string,
  observe: (observation: Observation) => void,
): void {
  if (offset !== 0 || !/^(requirements|constraints)[\w.-]*\.(txt|in)$/i.test(baseName(path))) return
  const other = index.exec(text)
  if (other !== null) observe({ code: 'text.package-index', offset: other.index, evidence: other[0].trim() })
  const link = direct.exec(text)
  if (link?.[1] === undefined) return
  const known = /^git\+https:\/\/(github\.com|gitlab\.com|huggingface\.co)\//.test(link[1])
  observe({ code: known ? 'text.package-repository' : 'text.package-link', offset: link.index, evidence: link[1] })
}
