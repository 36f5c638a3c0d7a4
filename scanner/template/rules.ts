import { defineRule, type Rule } from '../rules/define-rule.ts'

const remedy =
  'Do not serve this model with its own template. Replace the template by the one of the base model, and ask the publisher to explain it.'

type Ssti = { id: string; title: string; on: string[]; explanation: string }

const ssti = ({ id, title, on, explanation }: Ssti): Rule =>
  defineRule({ id, title, severity: 'critical', cwe: 'CWE-1336', explanation, remedy, on })

/** Rules on chat templates, wherever they stand: GGUF metadata, tokenizer and processor configs, files of their own. */
export const templateRules: readonly Rule[] = [
  ssti({
    id: 'TPL-SSTI-001',
    title: "A chat template reaches into Python's internals",
    on: ['template.dunder'],
    explanation:
      'Attributes such as __class__ or __globals__ lead from any value to the interpreter and from there to running commands (CVE-2024-34359).',
  }),
  ssti({
    id: 'TPL-SSTI-002',
    title: 'A chat template uses the attr filter',
    on: ['template.attr-filter'],
    explanation:
      'The filter reads attributes by name, past checks on the dot notation. Chat templates have no use for it.',
  }),
  ssti({
    id: 'TPL-SSTI-003',
    title: 'A chat template subscripts by text that it puts together',
    on: ['template.computed-subscript'],
    explanation: 'Names are assembled at run time to hide which attribute is read.',
  }),
  ssti({
    id: 'TPL-SSTI-004',
    title: 'A chat template joins pieces into an internal name',
    on: ['template.joined-dunder'],
    explanation: 'Pieces that only together spell a double-underscore name have no honest use.',
  }),
  ssti({
    id: 'TPL-SSTI-005',
    title: 'A chat template looks inside a function of the template engine',
    on: ['template.runtime-global'],
    explanation:
      'cycler, lipsum, namespace and the like are called, never looked into; their members lead to the interpreter.',
  }),
  ssti({
    id: 'TPL-SSTI-006',
    title: 'A chat template loads another template',
    on: ['template.load'],
    explanation: 'import, include and extends read other files. A chat template stands alone.',
  }),
  defineRule({
    id: 'TPL-SSTI-007',
    title: "A text holds a template expression that reaches into Python's internals",
    severity: 'medium',
    cwe: 'CWE-1336',
    explanation:
      'By its name the file is not a template, but some servers take any path as one. Documentation of an attack looks the same.',
    remedy: 'Read the place. Never pass this file to a server as its chat template.',
    on: ['template.hidden-in-text'],
  }),
  defineRule({
    id: 'TPL-SSTI-008',
    title: 'A chat template subscripts by a joined text',
    severity: 'medium',
    cwe: 'CWE-1336',
    explanation:
      'Part of the name comes from a variable, so which attribute is read is not known before the template runs.',
    remedy: 'Have a person read the expression.',
    on: ['template.joined-subscript'],
  }),
  defineRule({
    id: 'TPL-POISON-001',
    title: 'A chat template adds text when the conversation contains certain words',
    severity: 'medium',
    cwe: 'CWE-506',
    explanation:
      'An instruction or address that appears only on a trigger is how a template turns a good model against its user.',
    remedy:
      'Read the condition and the text. Replace the template by the one of the base model when they are not explained.',
    on: ['template.conditional-text'],
  }),
  defineRule({
    id: 'TPL-POISON-002',
    title: 'A chat template contains an address',
    severity: 'low',
    cwe: 'CWE-506',
    explanation: 'Most templates hold none. An address can be part of a legitimate system prompt.',
    remedy: 'Check that the address belongs to the publisher.',
    on: ['template.url'],
  }),
  defineRule({
    id: 'TPL-SYNTAX-001',
    title: 'A chat template does not follow the grammar of chat templates',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Only a coarse check of its text was possible. Engines may refuse it or read it differently.',
    remedy: 'Have a person read the template, or replace it by the one of the base model.',
    on: ['scan.template-unparsed'],
  }),
  defineRule({
    id: 'TPL-SIZE-001',
    title: 'A chat template is larger than was analyzed',
    severity: 'high',
    cwe: 'CWE-770',
    explanation: 'Published templates stay below 30 KiB; only the first 256 KiB were read.',
    remedy,
    on: ['scan.template-size'],
  }),
]
