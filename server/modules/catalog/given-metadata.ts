import { Hardware, type Metadata, Modality } from '../../../contract/index.ts'

/** Metadata that people give at registration; no description of the files replaces it. */
export const givenKeys: ReadonlySet<string> = new Set(['modalityGiven', 'hardwarePreference', 'memoryLimitBytes'])

/** What was given with a registration, as metadata of origin `human`. */
export function givenMetadata(
  given: { modality?: Modality | undefined; hardware?: Hardware | undefined },
  at: string,
): Metadata {
  const values = {
    modalityGiven: given.modality,
    hardwarePreference: given.hardware?.preference,
    memoryLimitBytes: given.hardware?.memoryLimitBytes,
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, { value, origin: 'human' as const, source: 'registration', at }]],
    ),
  )
}

/** The modality somebody gave; null when nobody did. */
export function givenModality(metadata: Metadata): Modality | null {
  return Modality.safeParse(metadata['modalityGiven']?.value).data ?? null
}

/** The hardware somebody asked for; null when nobody did. */
export function givenHardware(metadata: Metadata): Hardware | null {
  const { hardwarePreference, memoryLimitBytes } = metadata
  const given = {
    ...(hardwarePreference === undefined ? {} : { preference: hardwarePreference.value }),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes: memoryLimitBytes.value }),
  }
  return Object.keys(given).length === 0 ? null : (Hardware.safeParse(given).data ?? null)
}
