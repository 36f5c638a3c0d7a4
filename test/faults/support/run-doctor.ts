import { spawn } from 'node:child_process'
import { cleanEnvironment, node, root } from '../../e2e/support/hub.ts'
import type { Place } from '../../e2e/support/place.ts'

export type Line = { name: string; status: 'ok' | 'warn' | 'fail'; message: string; remedy: string | null }
export type DoctorRun = { code: number | null; checks: Line[]; of: (name: string) => Line | undefined }
export type DoctorOptions = { env?: Record<string, string>; user?: number; shell?: string }

/** `modelhub doctor --json` at a place. */
export function runDoctor(place: Place, options: DoctorOptions = {}): Promise<DoctorRun> {
  const { env = {}, user, shell } = options
  const command = [`${root}cli/main.ts`, 'doctor', '--json']
  const [file, args] = shell === undefined ? [node, command] : ['sh', ['-c', shell, node, ...command]]
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: place.path,
      env: cleanEnvironment(place, {
        MODELHUB_PORT: String(place.port),
        MODELHUB_GATEWAY_PORT: String(place.gatewayPort),
        ...env,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('close', (code) => {
      try {
        const { checks } = JSON.parse(stdout) as { checks: Line[] }
        resolve({ code, checks, of: (name) => checks.findLast((check) => check.name === name) })
      } catch (cause) {
        reject(new Error(`no report: ${stdout}\n${stderr}`, { cause }))
      }
    })
  })
}
