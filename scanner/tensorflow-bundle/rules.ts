import { defineRule, type Rule } from '../rules/define-rule.ts'

export const tensorflowBundleRules: readonly Rule[] = [
  defineRule({
    id: 'TFB-BOUNDS-001',
    title: 'The index of a TensorFlow checkpoint is malformed',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'The table that says where each tensor lies contradicts itself; native code reads by what it says.',
    remedy: 'Do not load it. Ask the publisher to save the model again.',
    on: ['tfb.malformed'],
  }),
  defineRule({
    id: 'TFB-BOUNDS-002',
    title: 'A tensor of a TensorFlow checkpoint is not as long as its shape and type say',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Loaders that trust the one figure read or write beyond what the other provides.',
    remedy: 'Do not load it. Ask the publisher to save the model again.',
    on: ['tfb.tensor-size'],
  }),
  defineRule({
    id: 'TFB-BOUNDS-003',
    title: 'A tensor of a TensorFlow checkpoint lies in no file of the checkpoint',
    severity: 'medium',
    cwe: 'CWE-125',
    explanation: 'The place or the number of the file is negative, or beyond what the checkpoint says it has.',
    remedy: 'Do not load it. Ask the publisher to save the model again.',
    on: ['tfb.place'],
  }),
]
