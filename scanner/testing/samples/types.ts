/** Bytes made by the test for one format, and what must be said of them. */
export type Sample = {
  name: string
  /** Path the file has in its repository; '' when the bytes alone must tell. */
  path?: string
  bytes: Uint8Array
  /** Ids of rules that must be among the findings. */
  rules?: readonly string[]
}

/** What every inspected format is tried with. */
export type FormatSamples = {
  /** Kind of the format, as registered. */
  kind: string
  /** At least three. Each must have a finding of medium or above. */
  malicious: readonly Sample[]
  /** At least three. Each must pass. */
  benign: readonly Sample[]
  /** An honest file that ends too early: must not pass. */
  truncated: Sample
  /** Malicious samples in disguise: none may pass. At least three. */
  mutations: readonly Sample[]
}
