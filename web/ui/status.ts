import type { Schema } from '../app/client.ts'
import { text } from '../text.ts'
import type { IconName } from './icon.tsx'

type Tone = 'pass' | 'warn' | 'fail' | 'part' | 'info' | 'ver' | 'eval'
export type Status = {
  tone: Tone
  icon: IconName
  label: string
  quiet: boolean
  /** What the shape says beside the word: on hover, and read aloud. */
  note?: string
}

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
  declared: { tone: 'part', icon: 'scale', quiet: true, note: text.licenseUse.declared },
  text: { tone: 'pass', icon: 'circle-check', quiet: true },
  contradiction: { tone: 'warn', icon: 'alert', quiet: false, note: text.licenseUse.contradiction },
}

const restrictive = new Set(['copyleft', 'non_commercial', 'use_restricted', 'proprietary'])

/** The license in its words; its shape says how it stands to the declared use. Duties of a permissive one are no warning. */
export function licenseStatus(license: Schema<'LicenseSummary'> | null): Status {
  if (license === null) return { tone: 'part', icon: 'minus', label: text.common.unknown, quiet: true }
  const { status, label, suitability } = license
  const words = text.licenseUse
  if (status === 'contradiction' || status === 'unknown') return { ...licenses[status], label }
  if (suitability === 'not_allowed')
    return { tone: 'fail', icon: 'octagon', label, quiet: false, note: words.notAllowed }
  if (suitability === 'unclear') return { tone: 'part', icon: 'circle-dashed', label, quiet: true, note: words.unclear }
  return suitability === 'allowed_on_conditions' && restrictive.has(license.class ?? 'unknown')
    ? { tone: 'warn', icon: 'alert', label, quiet: true, note: words.conditions }
    : { ...licenses[status], label }
}

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
