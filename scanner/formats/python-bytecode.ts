import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { isPythonBytecode } from '../executable/python-bytecode.ts'

/** Python compiles modules to this; importing one runs it without any source to read. */
export const pythonBytecodeFormat = defineFormat({
  kind: 'python-bytecode',
  title: 'Compiled Python module',
  extensions: ['.pyc', '.pyo'],
  canRun: true,
  probe: ({ head, offset }) => (isPythonBytecode(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectExecutable('python-bytecode', 'Compiled Python module', () => ({ role: 'module' })),
  rules: [],
})
