import type { Config } from '../../server/platform/config.ts'
import type { Context } from '../context.ts'
import type { Product } from '../product.ts'

/** One line of the doctor. */
export type Check = {
  name: string
  /** `warn`: it works, and somebody should look. `fail`: something must be done. */
  status: 'ok' | 'warn' | 'fail'
  message: string
  remedy: string | null
}

/** What the checks look at; everything is read anew for each run. */
export type Patient = {
  ctx: Context
  product: Product
  /** The data folder, absolute. */
  folder: string
  /** The hub's settings; undefined when they are refused. */
  config: Config | undefined
  /** Why the settings are refused. */
  refusal: { message: string; remedy: string } | undefined
  /** Whether a process holds the data folder; undefined where that cannot be told. */
  locked: boolean | undefined
  /** What the last hub of this folder left about itself; it may have ended since. */
  told: { url?: string; gatewayUrl?: string; pid?: number }
}

/** Looks at one thing. A check of what is not there, such as a database by URL where none is set, has no lines. */
export type DoctorCheck = (patient: Patient) => Check[] | Promise<Check[]>

export const ok = (name: string, message: string): Check => ({ name, status: 'ok', message, remedy: null })
export const warn = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'warn',
  message,
  remedy,
})
export const fail = (name: string, message: string, remedy: string): Check => ({
  name,
  status: 'fail',
  message,
  remedy,
})
