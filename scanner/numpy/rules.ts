import { defineRule, type Rule } from '../rules/define-rule.ts'

const remedy =
  'Ask the publisher for an array of numbers written by a current NumPy; load with allow_pickle=False, which is the default.'

type Short = Pick<Rule, 'id' | 'title' | 'severity' | 'cwe' | 'explanation'> & { on: string }

const rule = ({ on, ...short }: Short): Rule => defineRule({ ...short, remedy, on: [on] })

export const numpyRules: readonly Rule[] = [
  rule({
    id: 'NPY-OBJECT-001',
    title: 'The array holds Python objects',
    severity: 'low',
    cwe: 'CWE-502',
    explanation:
      'Such arrays are pickles: loading one runs what the pickle says (CVE-2019-6446). Its own findings say what that is.',
    on: 'npy.objects',
  }),
  rule({
    id: 'NPY-OBJECT-002',
    title: 'The array is said to hold Python objects but no pickle follows',
    severity: 'medium',
    cwe: 'CWE-436',
    explanation: 'What a loader that unpickles would do with these bytes is not known.',
    on: 'npy.objects-missing',
  }),
  rule({
    id: 'NPY-HEADER-001',
    title: 'The header of the array is not a literal',
    severity: 'high',
    cwe: 'CWE-95',
    explanation:
      'Readers that evaluate the header as Python run what it says. NumPy writes a dict of constants and nothing else.',
    on: 'npy.header-expression',
  }),
  rule({
    id: 'NPY-HEADER-002',
    title: 'The header of the array is longer than the file',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Readers that trust the length allocate that much memory. A cut-off download looks the same.',
    on: 'npy.header-length',
  }),
  rule({
    id: 'NPY-HEADER-003',
    title: 'The header of the array is larger than NumPy accepts',
    severity: 'medium',
    cwe: 'CWE-400',
    explanation: 'Parsing very large headers can exhaust or crash Python; NumPy refuses them.',
    on: 'npy.header-large',
  }),
  rule({
    id: 'NPY-HEADER-004',
    title: 'The header of the array does not say what NumPy needs',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation:
      'It must name descr, fortran_order and shape in terms that have a size; otherwise the bytes behind are unknown.',
    on: 'npy.header-fields',
  }),
  rule({
    id: 'NPY-HEADER-005',
    title: 'The array is larger than the file',
    severity: 'medium',
    cwe: 'CWE-131',
    explanation:
      'Readers that map the file by its shape read memory that is not theirs. A cut-off download looks the same.',
    on: 'npy.data-length',
  }),
  rule({
    id: 'NPY-HEADER-006',
    title: 'The version of the array format does not exist',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Versions 1 to 3 are in use. Behind another version nothing can be checked.',
    on: 'npy.version',
  }),
  rule({
    id: 'NPY-TRAIL-001',
    title: 'Bytes behind the array',
    severity: 'medium',
    cwe: 'CWE-434',
    explanation:
      'The header accounts for every byte of the file. What follows is hidden from NumPy and may be read by others.',
    on: 'npy.trailing',
  }),
]
