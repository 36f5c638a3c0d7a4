// The load generator with its event loop held for 30 of every 50 ms, as a machine that is too busy would.
import '../main.ts'

setInterval(() => {
  const until = performance.now() + 30
  while (performance.now() < until);
}, 50).unref()
