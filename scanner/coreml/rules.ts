import { defineRule, type Rule } from '../rules/define-rule.ts'

export const coremlRules: readonly Rule[] = [
  defineRule({
    id: 'COREML-FORMAT-001',
    title: 'No inspector reads all of a Core ML model in this release',
    severity: 'medium',
    cwe: 'CWE-693',
    explanation:
      'The frame of the model was read, its weights and programs were not, so nothing is known of what they hold.',
    remedy: 'Take the model from a source you trust, or use the form it was converted from.',
    on: ['coreml.uninspected'],
  }),
  defineRule({
    id: 'COREML-OP-001',
    title: 'A Core ML model calls a class of the application',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'Custom layers and models are found by the name of a class in the application that loads them.',
    remedy: 'Check that the class is one you wrote for this model.',
    on: ['coreml.custom'],
  }),
  defineRule({
    id: 'COREML-LINK-001',
    title: 'A Core ML model links another model',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'The linked file is loaded as part of the model and was not inspected with it.',
    remedy: 'Inspect the linked file too.',
    on: ['coreml.linked'],
  }),
  defineRule({
    id: 'COREML-LINK-002',
    title: 'A Core ML model links a file outside its folder',
    severity: 'high',
    cwe: 'CWE-22',
    explanation: 'The path makes the system open another file of the machine as part of the model.',
    remedy: 'Do not load it. Ask the publisher for one complete model.',
    on: ['coreml.linked-outside'],
  }),
  defineRule({
    id: 'COREML-META-001',
    title: 'The metadata of a Core ML model reads as code',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation: 'Metadata is data for people and tools. Code in it is there for a tool that runs it.',
    remedy: 'Read the value, and do not use tools that evaluate the metadata.',
    on: ['coreml.metadata-code'],
  }),
  defineRule({
    id: 'COREML-STRUCT-001',
    title: 'The structure of a Core ML file is broken',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Behind the break nothing can be checked.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['coreml.malformed'],
  }),
]
