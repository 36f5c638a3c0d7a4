import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { hasAt, u32BigAt } from '../probe.ts'

/** Source: JVM specification, section 4.1. */
export const javaClassFormat = defineFormat({
  kind: 'java-class',
  title: 'Java class',
  extensions: ['.class'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0xca, 0xfe, 0xba, 0xbe]) && u32BigAt(head, 4) >= 45 && u32BigAt(head, 4) < 65536
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectExecutable('java-class', 'Java class', () => ({ role: 'class' })),
  rules: [],
})
