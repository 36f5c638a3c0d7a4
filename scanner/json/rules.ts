import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'
import { jsonHeaderOf } from './header-of.ts'

export const jsonRules: readonly Rule[] = [
  defineRule({
    id: 'JSON-SYNTAX-001',
    title: 'A file named .json is not JSON',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Strict readers refuse it; lenient ones may read something else than was reviewed.',
    remedy: 'Ask the publisher for a correct file.',
    on: ['json.syntax'],
  }),
  defineRule({
    id: 'JSON-DEPTH-001',
    title: 'A JSON document nests without reason',
    severity: 'high',
    cwe: 'CWE-674',
    explanation: 'Recursive parsers run out of stack and crash.',
    remedy: 'Do not load it; no model needs such a file.',
    on: ['json.depth'],
  }),
  defineRule({
    id: 'JSON-DUP-001',
    title: 'A JSON key appears twice',
    severity: 'medium',
    cwe: 'CWE-436',
    explanation: 'One reader takes the first value, another the last: what is reviewed is not what is used.',
    remedy: 'Ask the publisher for a corrected file.',
    on: ['json.duplicate-key'],
  }),
  defineRule({
    id: 'REPO-CODE-001',
    title: 'A config asks loaders to import code from the model',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'With trust_remote_code, auto_map makes loaders import Python files of the repository.',
    remedy: 'Load without trust_remote_code, or review the Python files it names and pin the revision.',
    check: (facts) =>
      references(facts)
        .filter(({ remote }) => !remote)
        .map(({ text }) => ({ evidence: text, detail: escapeText(text, 120) })),
  }),
  defineRule({
    id: 'REPO-CODE-002',
    title: 'A config asks loaders to import code from another repository',
    severity: 'high',
    cwe: 'CWE-829',
    explanation: 'The other repository can change at any time and is not part of what was scanned.',
    remedy: 'Do not load with trust_remote_code. Ask the publisher for a version that holds its own code.',
    check: (facts) =>
      references(facts)
        .filter(({ remote }) => remote)
        .map(({ text }) => ({ evidence: text, detail: escapeText(text, 120) })),
  }),
  defineRule({
    id: 'REPO-INDEX-001',
    title: 'A shard index refers to a file outside the model',
    severity: 'high',
    cwe: 'CWE-22',
    explanation:
      'Loaders that join the path read, or overwrite on conversion, files elsewhere on the machine or network.',
    remedy: 'Do not load it. A shard index names files beside it and nothing else.',
    check: (facts) =>
      (jsonHeaderOf(facts)?.shardIndex?.shards ?? [])
        .filter((shard) => leavesFolder(shard) !== undefined)
        .slice(0, 10)
        .map((shard) => ({
          member: 'weight_map',
          evidence: escapeText(shard),
          detail: `${leavesFolder(shard)} ${escapeText(shard, 100)}`,
        })),
  }),
  defineRule({
    id: 'REPO-PATH-001',
    title: 'A config refers to a path that climbs out of the model',
    severity: 'medium',
    cwe: 'CWE-22',
    explanation: 'Loaders resolve it on the machine they run on.',
    remedy: 'Correct the path to a repository name or a folder beside the config.',
    check: (facts) => basePath(facts, 'traversal'),
  }),
  defineRule({
    id: 'REPO-PATH-002',
    title: "A config holds a path of the publisher's machine",
    severity: 'low',
    cwe: 'CWE-200',
    explanation:
      'Adapters are often published with the local path of their base model, which does not exist elsewhere.',
    remedy: 'State the base model by its repository name when registering the adapter.',
    check: (facts) => basePath(facts, 'absolute'),
  }),
]

type Facts = Parameters<NonNullable<Rule['check']>>[0]

function references(facts: Facts): { text: string; remote: boolean }[] {
  return (jsonHeaderOf(facts)?.codeReferences ?? []).map((text) => ({
    text,
    remote: text.includes('--') || leavesFolder(text) !== undefined,
  }))
}

function basePath(facts: Facts, kind: 'traversal' | 'absolute'): { member: string; evidence: string }[] {
  const path = jsonHeaderOf(facts)?.values['base_model_name_or_path']
  return typeof path === 'string' && leavesFolder(path) === kind
    ? [{ member: 'base_model_name_or_path', evidence: escapeText(path) }]
    : []
}
