import type { PGlite } from '@electric-sql/pglite'

/** The parts of PGlite's module that run PostgreSQL. */
type Engine = { _PostgresMainLoopOnce: () => void }
type LibraryParts = { Module: Engine; POSTGRES_MAIN_LONGJMP: number }

/**
 * Calls `onDeath` when the engine gives up: a panic, an exit, out of memory, a trap. PGlite swallows these and goes on with an engine
 * that never answers again, or that acknowledges what it has not done.
 * @param onDeath must not return
 */
export function watchEngine(database: PGlite, onDeath: (error: unknown) => never): void {
  const { Module: engine, POSTGRES_MAIN_LONGJMP: longjmp } = database as unknown as LibraryParts
  const run = engine._PostgresMainLoopOnce.bind(engine)
  engine._PostgresMainLoopOnce = () => {
    try {
      run()
    } catch (error) {
      // The way back after an ordinary error of a statement.
      const { status } = error as { status?: unknown }
      const ends = !database.ready && status === 0
      if (status === longjmp || ends) throw error
      onDeath(error)
    }
  }
}

/** What PostgreSQL said when it gave up; `take` lets a line go on to wherever it goes otherwise. */
export function createLastWords(): { take: (line: string) => boolean; last: () => string | undefined } {
  let words: string | undefined
  return {
    take: (line) => {
      words = /(?:PANIC|FATAL): {2}(.+)/.exec(line)?.[1] ?? words
      return false
    },
    last: () => words,
  }
}
