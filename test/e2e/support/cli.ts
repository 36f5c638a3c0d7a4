import { spawn } from 'node:child_process'
import { cleanEnvironment, type Hub, node, root } from './hub.ts'

export type CliResult = {
  code: number | null
  stdout: string
  stderr: string /** Both, for looking up words. */
  text: string
}

/** Runs the real command line against a hub, as its administrator, with `input` on its standard input. Killed after `limitMs`. */
export function runCli(hub: Hub, args: readonly string[], limitMs = 120_000, input?: string): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [`${root}cli/main.ts`, ...args], {
      cwd: hub.place.path,
      env: cleanEnvironment(hub.place, { MODELHUB_URL: hub.url, MODELHUB_TOKEN: hub.token }),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    })
    // Empty unless told; a command that does not read it may have ended by then.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr, text: `${stdout}\n${stderr}` }))
  })
}

/** The same with `--json`: the parsed answer. Throws when the command does not end with 0. */
export async function runCliJson<T>(hub: Hub, args: readonly string[], limitMs?: number): Promise<T> {
  const { code, stdout, stderr } = await runCli(hub, [...args, '--json'], limitMs)
  if (code !== 0) throw new Error(`modelhub ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`)
  return JSON.parse(stdout) as T
}
