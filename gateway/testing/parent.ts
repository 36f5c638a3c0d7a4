import { fork } from 'node:child_process'

// A supervisor for the test of a parent's death: starts the gateway and tells its own parent how to reach it.
const child = fork(new URL('../main.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
child.on('message', (message) => process.send?.({ pid: child.pid, message }))
setInterval(() => {}, 1_000)
