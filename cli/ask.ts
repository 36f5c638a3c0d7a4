import { createInterface } from 'node:readline/promises'

/** One line from the terminal; undefined when the person ends the input (Ctrl-D) or interrupts (Ctrl-C). */
export async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  lines.once('close', () => closed.abort())
  lines.once('SIGINT', () => lines.close())
  try {
    return await lines.question(question, { signal: closed.signal })
  } catch {
    return undefined
  } finally {
    lines.close()
  }
}
