import { defineRule, type Rule } from '../rules/define-rule.ts'

/** Rules that need more than one file; applied by `judgeRepository`. */
export const repositoryRules: readonly Rule[] = [
  defineRule({
    id: 'REPO-SHARD-001',
    title: 'A shard that the index names is missing',
    severity: 'medium',
    cwe: 'CWE-1104',
    explanation: 'The model cannot be loaded, or a loader fetches the missing part from elsewhere, unscanned.',
    remedy: 'Complete the download or remove the index.',
  }),
  defineRule({
    id: 'REPO-SPLIT-001',
    title: 'Parts of a split GGUF model are missing or disagree',
    severity: 'medium',
    cwe: 'CWE-1104',
    explanation: 'A split model loads only when all parts are present and agree on their number.',
    remedy: 'Complete the download with all parts of the same split.',
  }),
  defineRule({
    id: 'REPO-DATA-001',
    title: 'A file of weights that the model names is missing',
    severity: 'low',
    cwe: 'CWE-1104',
    explanation: 'The model cannot be loaded without it, or is loaded with weights from elsewhere, unscanned.',
    remedy: 'Complete the download with the files that the model names.',
  }),
  defineRule({
    id: 'REPO-DATA-002',
    title: 'A file of weights is shorter than the tensors in it',
    severity: 'medium',
    cwe: 'CWE-125',
    explanation:
      'The download was cut short, or the places of tensors are made up to have a loader read beyond the file.',
    remedy: 'Complete the download, or ask the publisher to export the model again.',
  }),
  defineRule({
    id: 'REPO-LOAD-001',
    title: 'A Python file is on the loading path',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'A config of the model names this file; with trust_remote_code it is imported, and importing runs it.',
    remedy: 'Load without trust_remote_code, or have the file reviewed and approved.',
  }),
  defineRule({
    id: 'REPO-LOAD-002',
    title: 'A Python file that servers run by its name',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'Inference servers import handler.py, pipeline.py and their like without being asked.',
    remedy: 'Deploy without custom handlers, or have the file reviewed and approved.',
  }),
  defineRule({
    id: 'REPO-LOAD-003',
    title: 'A Python file on the loading path runs code, starts programs or sends',
    severity: 'high',
    cwe: 'CWE-829',
    explanation:
      'The file is imported or served with the model, and it holds calls that reach the machine or the network.',
    remedy: 'Do not load the model with its code. Have the calls reviewed, or ask for a version without them.',
  }),
  defineRule({
    id: 'REPO-LINK-001',
    title: 'A symbolic link that was not followed',
    severity: 'low',
    cwe: 'CWE-59',
    explanation: 'Links can point out of the folder that was asked for; what they point to is not part of this scan.',
    remedy: 'Scan the folder the link points to, or replace the link by the file.',
  }),
]

/** The definition of one of these rules. Throws when there is none (a defect). */
export function repositoryRule(id: string): Rule {
  const rule = repositoryRules.find((candidate) => candidate.id === id)
  if (rule === undefined) throw new Error(`no repository rule ${id}`)
  return rule
}
