import { defineRule, type Rule } from '../rules/define-rule.ts'

/** On lists of packages that installers read. */
export const requirementRules: readonly Rule[] = [
  defineRule({
    id: 'REPO-REQ-001',
    title: 'A list of requirements asks for another package index',
    severity: 'medium',
    cwe: 'CWE-427',
    explanation:
      'A package of the same name on the other index is installed in place of the expected one, and installing runs it.',
    remedy: 'Install from your own index only; remove the option from the list.',
    on: ['text.package-index'],
  }),
  defineRule({
    id: 'REPO-REQ-002',
    title: 'A list of requirements asks for a package by its address',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'What is behind the address can change at any time, and installing it runs it.',
    remedy: 'Replace it by a released version from your own index.',
    on: ['text.package-link'],
  }),
  defineRule({
    id: 'REPO-REQ-003',
    title: 'A list of requirements asks for a package from a repository of source code',
    severity: 'low',
    cwe: 'CWE-829',
    explanation: 'Unless a commit is named, it installs whatever is there on that day.',
    remedy: 'Pin the commit, or use a released version.',
    on: ['text.package-repository'],
  }),
]
