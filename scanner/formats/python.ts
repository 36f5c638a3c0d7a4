import { defineFormat, leaveUninspected } from '../define-format.ts'

/** Python source, by name or because its first statement is one. Loaders import it when a config's `auto_map` says so. */
export const pythonFormat = defineFormat({
  kind: 'python',
  title: 'Python source',
  extensions: ['.py', '.pyw'],
  canRun: true,
  probe: ({ text, offset, path }) =>
    text !== undefined && (/\.pyw?$/.test(path) || firstStatementIsPython(text))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: leaveUninspected('Python source'),
  rules: [],
})

const statement =
  /^(import [A-Za-z_][\w.]*( as \w+)?(, ?[\w.]+)*|from [\w.]+ import .+|def \w+\(.*|class \w+(\(.*\))?:|@\w[\w.]*(\(.*\))?|if __name__ ?==.*)\s*$/

function firstStatementIsPython(text: string): boolean {
  const lines = text.slice(0, 8192).split('\n', 100)
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('"""'))
  return first !== undefined && first.length < 500 && statement.test(first)
}
