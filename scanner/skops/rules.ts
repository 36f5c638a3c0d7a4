import { defineRule, type Rule } from '../rules/define-rule.ts'

/** On the schema of skops archives, which the JSON inspector reads. */
export const skopsRules: readonly Rule[] = [
  defineRule({
    id: 'SKOPS-FORMAT-001',
    title: 'A skops model, of which only the schema is inspected',
    severity: 'medium',
    cwe: 'CWE-502',
    explanation:
      'Its loader builds the objects that the schema names. No inspector follows them to their last argument yet.',
    remedy: 'Load it with the list of trusted types left empty and read the names it refuses.',
    on: ['skops.present'],
  }),
  defineRule({
    id: 'SKOPS-OPERATOR-001',
    title: 'A skops model calls an operator by name',
    severity: 'high',
    cwe: 'CWE-502',
    explanation:
      'The loader of such nodes trusted the shown name but called another: any attribute could be reached (CVE-2025-54412).',
    remedy: 'Do not load it. Ask the publisher for a model without operator nodes.',
    on: ['skops.operator'],
  }),
  defineRule({
    id: 'SKOPS-METHOD-001',
    title: 'A skops model takes a method of an object by name',
    severity: 'high',
    cwe: 'CWE-502',
    explanation:
      'The loader of such nodes did not check whose method it was, so that any function could be reached (CVE-2025-54413).',
    remedy: 'Do not load it. Ask the publisher for a model without method nodes.',
    on: ['skops.method'],
  }),
  defineRule({
    id: 'SKOPS-TYPE-001',
    title: 'A skops model builds something that runs code or reaches the system',
    severity: 'critical',
    cwe: 'CWE-502',
    explanation: 'Whoever trusts the types of this model runs what it names.',
    remedy: 'Do not load it. Treat the model as hostile.',
    on: ['skops.dangerous'],
  }),
  defineRule({
    id: 'SKOPS-TYPE-002',
    title: 'A skops model builds an unknown type',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: 'Only types of scikit-learn, NumPy, SciPy and the standard library are expected in such models.',
    remedy: 'Find out what the type is before it is put on a list of trusted types.',
    on: ['skops.unknown'],
  }),
]
