import { defineRule, type Rule } from './define-rule.ts'

export const secretRules: readonly Rule[] = [
  defineRule({
    id: 'SECRET-KEY-001',
    title: 'A credential is published in the file',
    severity: 'medium',
    cwe: 'CWE-798',
    explanation: 'Access keys and private keys in a model repository are usable by everyone who can read it.',
    remedy: 'Revoke the credential at its issuer, then ask for a version of the file without it.',
    on: ['secret.credential'],
  }),
]
