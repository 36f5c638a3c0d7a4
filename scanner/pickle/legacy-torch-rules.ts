import { defineRule, type Rule } from '../rules/define-rule.ts'

const remedy =
  'Download the file again and compare its sha256 with the publisher; if it is the same, ask for safetensors.'

export const legacyTorchRules: readonly Rule[] = [
  defineRule({
    id: 'TORCH-LEGACY-001',
    title: 'The PyTorch file lacks some of its five pickles',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'torch.load runs the pickles that are there and then fails. The file is cut off or hand-made.',
    remedy,
    on: ['torch-legacy.streams'],
  }),
  defineRule({
    id: 'TORCH-LEGACY-002',
    title: 'A storage of the PyTorch file is not what its object says',
    severity: 'medium',
    cwe: 'CWE-131',
    explanation:
      'Key, type and count of a storage must agree with the object that refers to it; otherwise the bytes behind are unknown.',
    remedy,
    on: ['torch-legacy.storage'],
  }),
]
