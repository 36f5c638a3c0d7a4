import type { components } from '../sdk/index.ts'

type Schemas = components['schemas']
export type Model = Schemas['Model']
export type Source = Schemas['Source']
export type ModelVersion = Schemas['ModelVersion']
export type Readiness = Schemas['Readiness']
export type ReadinessCheck = Schemas['ReadinessCheck']
export type Scan = Schemas['Scan']
export type LicenseAssessment = Schemas['LicenseAssessment']
export type Job = NonNullable<Schemas['Job']>
export type JobEvent = Schemas['JobEvent']
export type JobProgress = NonNullable<Schemas['JobProgress']>
export type Benchmark = Schemas['Benchmark']
/** The client's types turn a tuple into an array. */
export type Evaluation = Omit<Schemas['Evaluation'], 'interval95'> & { interval95: readonly number[] | null }
