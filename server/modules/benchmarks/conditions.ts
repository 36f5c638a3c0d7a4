import { cpus, release, totalmem, type } from 'node:os'

/** The machine as far as a result depends on it: processor, memory, system, runtime. */
export function machineConditions(): Record<string, unknown> {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.versions.node,
  }
}
