import { defineCommand } from '../command.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Run the hub: control plane, gateway and engine',
  args: [],
  options: {},
  notes: ['Settings come from the environment: see modelhub config.'],
  routes: [],
  run: async () => {
    const { runSupervisor } = await import('../../server/supervisor.ts')
    return runSupervisor()
  },
})
