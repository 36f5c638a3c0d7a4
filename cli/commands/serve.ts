import { defineCommand } from '../command.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Run the hub: control plane, gateway and engine',
  args: [],
  options: {},
  notes: ['Settings come from the environment: see modelhub config.'],
  routes: [],
  run: async () => {
    // In `modelhub serve | tee hub.log` Ctrl-C ends the reader first; the hub has still to stop in order.
    for (const stream of [process.stdout, process.stderr]) {
      stream.removeAllListeners('error')
      stream.on('error', () => undefined)
    }
    const { runSupervisor } = await import('../../server/supervisor.ts')
    return runSupervisor()
  },
})
