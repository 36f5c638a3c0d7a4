import { defineFormat } from '../define-format.ts'
import { inspectPython } from '../python/inspect.ts'
import { pythonRules } from '../python/rules.ts'

/** Python source, by name or because its first statement is one. Loaders import it when a config's `auto_map` says so. */
export const pythonFormat = defineFormat({
  kind: 'python',
  title: 'Python source',
  extensions: ['.py', '.pyw', '.pyi'],
  canRun: true,
  probe: ({ text, offset, path }) =>
    text !== undefined &&
    (/\.py[wi]?$/.test(path) || /^#! ?\/[^\n]{0,100}\bpython[\d.]*\s*\n/.test(text) || firstStatementIsPython(text))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: inspectPython,
  rules: pythonRules,
})

const statement =
  /^(import [A-Za-z_][\w.]*( as \w+)?(, ?[\w.]+)*|from [\w.]+ import .+|def \w+\(.*|class \w+(\(.*\))?:|@\w[\w.]*(\(.*\))?|if __name__ ?==.*)\s*$/

function firstStatementIsPython(text: string): boolean {
  const lines = text.slice(0, 8192).split('\n', 100)
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('"""'))
  return first !== undefined && first.length < 500 && statement.test(first)
}
