import { defineFormat } from '../define-format.ts'
import { noInspectorRule } from '../opaque/rules.ts'
import { inspectPaddleProgram } from '../paddle/inspect-program.ts'
import { defineRule } from '../rules/define-rule.ts'

/** A Paddle program (`__model__`, `.pdmodel`): blocks of operators. Its root block says that it has no parent. Source: framework.proto. */
export const paddleFormat = defineFormat({
  kind: 'paddle',
  title: 'Paddle program',
  extensions: ['.pdmodel'],
  probe: ({ head, offset, text, path }) =>
    beginsProgram(head)
      ? { offset, certainty: 'signature' }
      : text === undefined && head.length > 0 && path.endsWith('.pdmodel')
        ? { offset, certainty: 'guess' }
        : undefined,
  inspect: inspectPaddleProgram,
  rules: [
    noInspectorRule(
      'PADDLE-OPAQUE-001',
      'paddle.program',
      'a Paddle program',
      'Its operators were listed, but not what they do with their attributes.',
      'Read the list of operators, or ask the publisher for an ONNX export.',
    ),
    defineRule({
      id: 'PADDLE-OP-001',
      title: 'A Paddle program has an operator that calls out, or reads or writes files',
      severity: 'high',
      cwe: 'CWE-94',
      explanation: 'Such operators call Python functions, load native engines, or touch files when the program runs.',
      remedy: 'Do not run it. Ask the publisher for an inference export without such operators.',
      on: ['paddle.operator'],
    }),
    defineRule({
      id: 'PADDLE-BOUNDS-001',
      title: 'A Paddle program is broken',
      severity: 'medium',
      cwe: 'CWE-20',
      explanation: 'Its structure breaks off or goes beyond the end of the file.',
      remedy: 'Ask the publisher for an intact export; a cut download looks the same.',
      on: ['paddle.malformed'],
    }),
  ],
})

/** Field 1, its length, then index 0 and a parent of -1, which takes ten bytes. */
function beginsProgram(head: Uint8Array): boolean {
  if (head[0] !== 0x0a) return false
  let at = 1
  while ((head[at] ?? 0) >= 0x80 && at < 6) at += 1
  at += 1
  if (head[at] !== 0x08 || head[at + 1] !== 0 || head[at + 2] !== 0x10) return false
  for (let i = at + 3; i < at + 12; i++) if (head[i] !== 0xff) return false
  return head[at + 12] === 1
}
