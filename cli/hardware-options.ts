import { Modality } from '../contract/index.ts'
import { wrongUse } from './usage-error.ts'

type Hardware = { preference?: 'cpu' | 'gpu'; memoryLimitBytes?: number }

const units: Record<string, number> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

/** `--prefer` and `--memory-limit` as a part of a registration; nothing when neither is given. Throws wrong use. */
export function readHardware(prefer: string | undefined, limit: string | undefined): { hardware?: Hardware } {
  const hardware: Hardware = {}
  if (prefer !== undefined) {
    if (prefer !== 'cpu' && prefer !== 'gpu') throw wrongUse(`--prefer cannot be "${prefer}".`, 'Use cpu or gpu.')
    hardware.preference = prefer
  }
  if (limit !== undefined) {
    const [, amount, unit = ''] = /^(\d{1,16}(?:\.\d{1,3})?)(KiB|MiB|GiB|TiB)?$/.exec(limit) ?? []
    const size = Math.round(Number(amount) * (units[unit] ?? Number.NaN))
    if (!Number.isSafeInteger(size)) {
      throw wrongUse(`--memory-limit cannot be "${limit}".`, 'Give bytes, or a number with KiB, MiB, GiB or TiB.')
    }
    hardware.memoryLimitBytes = size
  }
  return Object.keys(hardware).length === 0 ? {} : { hardware }
}

/** `--modality` as a part of a registration. Throws wrong use. */
export function readModality(value: string | undefined): { modality?: Modality } {
  if (value === undefined) return {}
  const { data } = Modality.safeParse(value)
  if (data === undefined) {
    throw wrongUse(`--modality cannot be "${value}".`, `Use one of: ${Modality.options.join(', ')}.`)
  }
  return { modality: data }
}
