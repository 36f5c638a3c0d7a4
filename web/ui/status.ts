import type { Schema } from '../app/client.ts'
import { text } from '../text.ts'
import type { IconName } from './icon.tsx'

type Tone = 'pass' | 'warn' | 'fail' | 'part' | 'info' | 'ver' | 'eval'
export type Status = { tone: Tone; icon: IconName; label: string; quiet: boolean }

export type LifecycleState = Schema<'LifecycleState'>
export type Verdict = Schema<'Verdict'>

const states: Record<LifecycleState, Omit<Status, 'label'>> = {
  draft: { tone: 'part', icon: 'pencil', quiet: true },
  ingesting: { tone: 'info', icon: 'loader', quiet: true },
  needs_attention: { tone: 'warn', icon: 'alert', quiet: false },
  verified: { tone: 'ver', icon: 'shield', quiet: true },
  evaluated: { tone: 'eval', icon: 'bars', quiet: true },
  published: { tone: 'pass', icon: 'circle-check', quiet: true },
  archived: { tone: 'part', icon: 'archive', quiet: true },
}

const verdicts: Record<Verdict, Omit<Status, 'label'>> = {
  pass: { tone: 'pass', icon: 'circle-check', quiet: true },
  review: { tone: 'warn', icon: 'alert', quiet: false },
  block: { tone: 'fail', icon: 'octagon', quiet: false },
  incomplete: { tone: 'part', icon: 'circle-dashed', quiet: false },
}

export const stateStatus = (state: LifecycleState): Status => ({ ...states[state], label: text.states[state] })

/** A null verdict is "Not scanned": neither incomplete nor fine. */
export const verdictStatus = (verdict: Verdict | null): Status =>
  verdict === null
    ? { tone: 'part', icon: 'minus', label: text.verdicts.none, quiet: true }
    : { ...verdicts[verdict], label: text.verdicts[verdict] }

/** What the scan says of a version: a hosted one has no files to scan, which is neither incomplete nor fine. */
export const scanStatus = (version: { verdict: Verdict | null; hosted: unknown }): Status =>
  version.verdict === null && version.hosted !== null
    ? { tone: 'part', icon: 'circle-dashed', label: text.verdicts.hosted, quiet: true }
    : verdictStatus(version.verdict)

const licenses: Record<Schema<'LicenseSummary'>['status'], Omit<Status, 'label'>> = {
  unknown: { tone: 'part', icon: 'circle-dashed', quiet: true },
  declared: { tone: 'part', icon: 'scale', quiet: true },
  text: { tone: 'pass', icon: 'circle-check', quiet: true },
  contradiction: { tone: 'warn', icon: 'alert', quiet: false },
}

export const licenseStatus = (license: Schema<'LicenseSummary'> | null): Status =>
  license === null
    ? { tone: 'part', icon: 'minus', label: text.common.unknown, quiet: true }
    : { ...licenses[license.status], label: license.label }

export const jobStatus = (state: Schema<'JobState'>): Status => {
  const looks: Record<Schema<'JobState'>, Omit<Status, 'label'>> = {
    queued: { tone: 'part', icon: 'circle-dashed', quiet: true },
    running: { tone: 'info', icon: 'loader', quiet: true },
    succeeded: { tone: 'pass', icon: 'circle-check', quiet: true },
    failed: { tone: 'fail', icon: 'octagon', quiet: false },
    cancelled: { tone: 'part', icon: 'stop', quiet: true },
  }
  return { ...looks[state], label: text.jobStates[state] }
}

export const checkStatus = (status: Schema<'ReadinessCheck'>['status']): Status => {
  const looks: Record<Schema<'ReadinessCheck'>['status'], Omit<Status, 'label'>> = {
    pass: { tone: 'pass', icon: 'circle-check', quiet: true },
    warn: { tone: 'warn', icon: 'alert', quiet: false },
    fail: { tone: 'fail', icon: 'octagon', quiet: false },
    incomplete: { tone: 'part', icon: 'circle-dashed', quiet: false },
    not_applicable: { tone: 'part', icon: 'circle-dashed', quiet: true },
  }
  return { ...looks[status], label: text.checks[status] }
}

/** States of a benchmark or an evaluation. */
export const runStatus = (state: 'running' | 'finished' | 'failed' | 'aborted'): Status => {
  const looks: Record<typeof state, Omit<Status, 'label'>> = {
    running: { tone: 'info', icon: 'loader', quiet: true },
    finished: { tone: 'pass', icon: 'circle-check', quiet: true },
    failed: { tone: 'fail', icon: 'octagon', quiet: false },
    aborted: { tone: 'part', icon: 'stop', quiet: true },
  }
  return { ...looks[state], label: text.runStates[state] }
}

export const toneText: Record<Tone, string> = {
  pass: 'text-pass-fg',
  warn: 'text-warn-fg',
  fail: 'text-fail-fg',
  part: 'text-part-fg',
  info: 'text-info-fg',
  ver: 'text-ver-fg',
  eval: 'text-eval-fg',
}

export const toneChip: Record<Tone, string> = {
  pass: 'bg-pass-soft text-pass-fg',
  warn: 'bg-warn-soft text-warn-fg',
  fail: 'bg-fail-soft text-fail-fg',
  part: 'bg-part-soft text-part-fg',
  info: 'bg-info-soft text-info-fg',
  ver: 'bg-ver-soft text-ver-fg',
  eval: 'bg-eval-soft text-eval-fg',
}
