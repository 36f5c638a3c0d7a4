/** Thrown where reading cannot go on: what follows a broken length has no known place. Carries the observation to make. */
export class Malformed extends Error {
  readonly code: string
  readonly offset: number

  constructor(code: string, offset: number, detail: string) {
    super(detail)
    this.name = 'Malformed'
    this.code = code
    this.offset = offset
  }
}
