/** A chat template as kept in facts. */
export type TemplateFacts = {
  /** Where it stands: a metadata key, a JSON key, or a file name. */
  key: string
  /** `default` for the main one, else its own name. */
  name: string
  /** The first 64 KiB of its text. */
  text: string
  /** Bytes of the whole. */
  bytes: number
  /** False when the grammar of chat templates does not fit, so that only a coarse check was made. */
  parsed: boolean
}
