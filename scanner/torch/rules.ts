import { defineRule, type Rule } from '../rules/define-rule.ts'

const remedy =
  'Do not load the file. Ask the publisher for a new export, best as safetensors, and compare its sha256 with what was downloaded.'

export const torchRules: readonly Rule[] = [
  defineRule({
    id: 'TORCH-STORAGE-001',
    title: 'The bytes of a tensor are not as many as the pickle says',
    severity: 'high',
    cwe: 'CWE-130',
    explanation:
      'Loaders that trust the number read or write beyond the bytes that are there (compare CVE-2026-24747).',
    remedy,
    on: ['torchzip.storage-size'],
  }),
  defineRule({
    id: 'TORCH-STORAGE-002',
    title: 'A file among the tensors that no tensor refers to',
    severity: 'medium',
    cwe: 'CWE-1284',
    explanation: 'Torch never reads it, so it can hold anything. Nothing proves that its bytes are weights.',
    remedy,
    on: ['torchzip.storage-unreferenced'],
  }),
  defineRule({
    id: 'TORCH-STORAGE-003',
    title: 'A tensor refers to bytes that the archive does not hold',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Loading it fails, or takes the bytes from elsewhere. An unfinished export looks the same.',
    remedy: 'Ask the publisher for a complete export.',
    on: ['torchzip.storage-missing'],
  }),
  defineRule({
    id: 'TORCH-STORAGE-004',
    title: 'The bytes of a tensor are also something that runs',
    severity: 'high',
    cwe: 'CWE-434',
    explanation: 'A program, a pickle or an archive in the place of weights waits for a second step that opens it.',
    remedy,
    on: ['torchzip.storage-runnable'],
  }),
  defineRule({
    id: 'TORCH-CODE-001',
    title: 'TorchScript source that reads or writes files',
    severity: 'high',
    cwe: 'CWE-73',
    explanation:
      'The source runs when the model is used. Models compute on tensors; files of the machine are none of their business.',
    remedy: 'Do not load the file. Ask the publisher what it needs the file for, or for plain weights.',
    on: ['torchzip.code-file'],
  }),
  defineRule({
    id: 'TORCH-CODE-002',
    title: 'TorchScript source that calls an operator which torch does not ship',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'It works only with a native library from elsewhere, which runs with all rights once it is loaded.',
    remedy: 'Find out which library provides the operator and whether its publisher is trusted.',
    on: ['torchzip.code-operator'],
  }),
]
