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
  defineRule({
    id: 'SECRET-KEY-002',
    title: 'A private key is published in the file',
    severity: 'medium',
    cwe: 'CWE-321',
    explanation: 'Whoever can read the repository can sign, decrypt or log in as the owner of the key.',
    remedy: 'Replace the key wherever it is trusted, then ask for a version of the file without it.',
    on: ['secret.private-key'],
  }),
  defineRule({
    id: 'IOC-ADDRESS-001',
    title: 'A public network address is written into the file',
    severity: 'low',
    cwe: 'CWE-200',
    explanation: 'Models need no addresses. Code and settings that name one often send data there or fetch more code.',
    remedy: 'Ask the publisher what the address is for before anything of this model may use the network.',
    on: ['ioc.address'],
  }),
  defineRule({
    id: 'IOC-HOST-001',
    title: 'A host for anonymous drops, pastes or tunnels is named in the file',
    severity: 'low',
    cwe: 'CWE-200',
    explanation: 'Such hosts serve demonstrations, and they are where stolen data goes and second stages come from.',
    remedy: 'Ask the publisher what the host is for before anything of this model may use the network.',
    on: ['ioc.host'],
  }),
]
