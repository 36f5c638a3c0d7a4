import type { FileFacts, Observation } from '../types.ts'
import { defineRule, type Rule } from './define-rule.ts'

const leaveOut = 'Do not run it. Leave the file out of the import, or ask the publisher why it is there.'

/** A program for several systems that carries the model it runs: a llamafile. */
function carriesModel(facts: FileFacts): boolean {
  return facts.parts.some(({ format, facts: part }) => {
    if (format === 'gguf') return true
    const members = format === 'zip' ? (part as { members?: { name: string }[] } | undefined)?.members : undefined
    return members?.some(({ name }) => /\.gguf$/i.test(name)) === true
  })
}

/** True for the archive inside a program for several systems that carries a model. */
export function belongsToLlamafile(seen: Pick<Observation, 'data'>, facts: FileFacts): boolean {
  const isSuch = facts.observations.some(({ code, member }) => code === 'exe.many-systems' && member === undefined)
  return isSuch && seen.data?.['format'] === 'zip' && carriesModel(facts)
}

export const executableRules: readonly Rule[] = [
  defineRule({
    id: 'EXE-FILE-001',
    title: 'An executable is part of the model',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'Models are data. A program, a library or a shortcut among them is there to be run on the machine of whoever downloads it.',
    remedy: leaveOut,
    on: ['exe.present'],
  }),
  defineRule({
    id: 'EXE-FILE-002',
    title: 'A program for several systems is part of the model',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'It runs on Windows, macOS and Linux alike, and begins as a shell script: a convenient carrier for anything.',
    remedy: leaveOut,
    on: ['exe.many-systems'],
    when: (_seen, facts) => !carriesModel(facts),
  }),
  defineRule({
    id: 'EXE-LLAMAFILE-001',
    title: 'The model comes wrapped in a program that runs it',
    severity: 'medium',
    cwe: 'CWE-506',
    explanation:
      'A llamafile is an engine and a GGUF in one file. Nobody can tell by reading it whether the engine is the original one.',
    remedy: 'Take the GGUF out of it, or ask the publisher for the GGUF, and serve that with an engine of your own.',
    on: ['exe.many-systems'],
    when: (_seen, facts) => carriesModel(facts),
  }),
  defineRule({
    id: 'EXE-SCRIPT-001',
    title: 'A script is part of the model',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'A script that names its interpreter runs when someone starts it, or when a loader or pipeline calls it.',
    remedy: 'Read the script before anyone runs it; leave it out of the import when nothing needs it.',
    on: ['exe.script'],
  }),
  defineRule({
    id: 'EXE-SCRIPT-002',
    title: 'A script fetches code and runs it',
    severity: 'high',
    cwe: 'CWE-494',
    explanation: 'What runs is whatever the other end sends at that moment, so reading the script proves nothing.',
    remedy: 'Do not run the script. Leave it out of the import, or ask the publisher for what it would fetch.',
    on: ['exe.script-fetches'],
  }),
  defineRule({
    id: 'EXE-SCRIPT-003',
    title: 'A script hides commands or opens the machine to others',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'Encoded commands, network shells and changes to what starts by itself have no place in setting up a model.',
    remedy: 'Do not run the script; treat the repository as hostile until its publisher has explained it.',
    on: ['exe.script-hostile'],
  }),
]
