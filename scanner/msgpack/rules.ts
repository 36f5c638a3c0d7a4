import { defineRule, type Rule } from '../rules/define-rule.ts'

export const msgpackRules: readonly Rule[] = [
  defineRule({
    id: 'MSGPACK-BOUNDS-001',
    title: 'A length in a MessagePack file goes beyond its end',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Readers that believe it run out of memory, or read past their buffer.',
    remedy: 'Ask the publisher for an intact export; a cut download looks the same.',
    on: ['msgpack.past-end', 'msgpack.unused-byte'],
  }),
  defineRule({
    id: 'MSGPACK-BOUNDS-002',
    title: 'A MessagePack file nests without reason',
    severity: 'high',
    cwe: 'CWE-674',
    explanation: 'Recursive readers run out of stack and crash.',
    remedy: 'Do not load it; no model needs such a file.',
    on: ['msgpack.depth'],
  }),
  defineRule({
    id: 'MSGPACK-BOUNDS-003',
    title: 'An array in a MessagePack file does not have the length of its shape and type',
    severity: 'medium',
    cwe: 'CWE-131',
    explanation: 'The bytes are no tensor, so that nothing is known about them.',
    remedy: 'Ask the publisher for an intact export.',
    on: ['msgpack.array-size'],
  }),
  defineRule({
    id: 'MSGPACK-OBJECT-001',
    title: 'A MessagePack file holds an array of Python objects',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: 'Such an array is a pickle, and its reader unpickles it.',
    remedy: 'Do not load it. Ask the publisher for arrays of numbers.',
    on: ['msgpack.object-array'],
  }),
  defineRule({
    id: 'MSGPACK-EXT-001',
    title: 'A MessagePack file holds an extension that no framework defines',
    severity: 'medium',
    cwe: 'CWE-502',
    explanation: 'Whoever reads it gives the bytes to a decoder of their own, which may unpickle them.',
    remedy: 'Find out what reads the extension before loading.',
    on: ['msgpack.extension', 'msgpack.text'],
  }),
  defineRule({
    id: 'MSGPACK-CODE-001',
    title: 'A text in a MessagePack file holds a call that runs code',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation:
      'Weights have names and numbers. A call such as os.system among them waits for a loader that evaluates it.',
    remedy: 'Find out what reads the value before loading; ask the publisher why it is there.',
    on: ['msgpack.code-text'],
  }),
]
