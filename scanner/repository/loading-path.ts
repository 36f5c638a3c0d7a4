import { escapeText } from '../evidence.ts'
import { jsonHeaderOf } from '../json/header-of.ts'
import { baseName, inFolder } from '../path.ts'
import { pythonHeaderOf } from '../python/header-of.ts'
import type { CallKind } from '../python/types.ts'
import type { RepositoryFile } from './judge-repository.ts'

/** Files that servers and tools import by their name alone. */
const byName = /^(handler|pipeline|inference|serve|predictor|hubconf|custom_handler|model_handler)\.py$/
/** Python itself imports these when they are on its path; Triton, transformers and torch.package theirs by place. */
const byPlace = /(^|\/)((site|user)customize\.py|\d+\/model\.py|custom_generate\/generate\.py|MAR-INF\/\w+\.py)$/

/** What makes code on the loading path more than code to review. */
const grave: ReadonlySet<CallKind> = new Set([
  'process',
  'code',
  'hidden-code',
  'native',
  'unpickle',
  'send',
  'exfiltrate',
  'hidden-name',
  'sensitive',
])

/** Python files that loading or serving the model imports: named by a config, imported by such a file, or run by their name. */
export function filesOnLoadingPath(
  files: readonly RepositoryFile[],
  byPath: ReadonlyMap<string, RepositoryFile>,
): { path: string; rule: string; detail: string }[] {
  const found = new Map<string, { rule: string; detail: string }>()
  const queue: string[] = []
  const add = (path: string, rule: string, detail: string): void => {
    if (!byPath.has(path) || found.has(path)) return
    found.set(path, { rule, detail })
    queue.push(path)
  }
  for (const file of files) {
    for (const code of namedByConfig(file))
      add(code, 'REPO-LOAD-001', `${baseName(file.path)} names ${escapeText(baseName(code), 80)}`)
    if (byName.test(baseName(file.path)) || byPlace.test(file.path))
      add(file.path, 'REPO-LOAD-002', baseName(file.path))
  }
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path)
    for (const module of file === undefined ? [] : (pythonHeaderOf(file.facts)?.imports ?? [])) {
      const beside = relativeModule(path, module)
      if (beside !== undefined)
        add(beside, 'REPO-LOAD-001', `${baseName(path)} imports ${escapeText(baseName(beside), 80)}`)
    }
  }
  return [...found].flatMap(([path, { rule, detail }]) => {
    const file = byPath.get(path)
    const worst = file === undefined ? undefined : pythonHeaderOf(file.facts)?.calls.find(({ kind }) => grave.has(kind))
    const more =
      worst === undefined ? [] : [{ path, rule: 'REPO-LOAD-003', detail: `${detail}, and it calls ${worst.name}` }]
    return [{ path, rule, detail }, ...more]
  })
}

/** `modeling_x.X` is class X of modeling_x.py. */
function namedByConfig(file: RepositoryFile): string[] {
  const references = jsonHeaderOf(file.facts)?.codeReferences ?? []
  const modules = references
    .filter((reference) => !reference.includes('--'))
    .map((reference) => reference.split('.').slice(0, -1).join('/'))
    .filter((module) => module !== '')
  return [...new Set(modules)].map((module) => inFolder(file.path, `${module}.py`))
}

/** The file of a relative import: `.configuration_x`, `.sub.module`. Loaders of remote code follow these from file to file. */
function relativeModule(path: string, module: string): string | undefined {
  const match = /^\.([A-Za-z_][\w.]*)$/.exec(module)
  return match?.[1] === undefined ? undefined : inFolder(path, `${match[1].replaceAll('.', '/')}.py`)
}
