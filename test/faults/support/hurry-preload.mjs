// Loaded into every process of a hub by NODE_OPTIONS=--import: what it does every ten minutes or less often, it does every second.
const real = globalThis.setInterval
globalThis.setInterval = (run, ms, ...rest) => real(run, ms >= 600_000 ? 1_000 : ms, ...rest)
