import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type ChildProgram = {
  /** Resolves when the program has written this line. */
  said: (line: string) => Promise<void>
  /** Makes it stand still (SIGSTOP) or go on (SIGCONT), as a machine that was asleep. */
  signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
  /** Ends it at once, as a power cut would. */
  kill: () => Promise<void>
}

/** Starts a program of this folder on the Node that runs the tests. It is killed when the tests end. */
export function startProgram(name: string, args: readonly string[], nodeOptions: readonly string[] = []): ChildProgram {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [...nodeOptions, path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  let output = ''
  let errors = ''
  let tell = Promise.withResolvers<void>()
  const take = (text: Buffer) => {
    output += text.toString()
    tell.resolve()
    tell = Promise.withResolvers()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  exited.then(
    () => tell.resolve(),
    () => undefined,
  )
  return {
    said: async (line) => {
      while (!output.split('\n').includes(line)) {
        if (child.exitCode !== null) throw new Error(`the program ended before it said "${line}": ${errors}`)
        await tell.promise
      }
    },
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      kill()
      await exited
      process.removeListener('exit', kill)
    },
  }
}
