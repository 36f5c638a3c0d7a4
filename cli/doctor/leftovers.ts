import { type DoctorCheck, fail } from './check.ts'
import { dataFolderOf, hubProcesses } from './processes.ts'

/** No process of an ended hub is left on this data folder: it would hold its lock or a port. */
export const checkLeftovers: DoctorCheck = ({ folder }) => {
  const processes = hubProcesses() ?? []
  const supervisors = new Set(processes.filter(({ part }) => part === 'hub').map(({ pid }) => pid))
  const left = processes.filter(
    ({ pid, ppid, part }) => part !== 'hub' && !supervisors.has(ppid) && dataFolderOf(pid) === folder,
  )
  if (left.length === 0) return []
  const names = left.map(({ pid, part }) => `${part} (process ${pid})`).join(', ')
  return [
    fail(
      'leftover processes',
      `Of a hub that has ended: ${names}`,
      `They end by themselves within seconds. If they stay, run: kill ${left.map(({ pid }) => pid).join(' ')}`,
    ),
  ]
}
