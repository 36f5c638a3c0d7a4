import { fewestFiles, fileLimit } from '../../server/platform/place/index.ts'
import { type DoctorCheck, fail, ok, warn } from './check.ts'

/** Each caller of the gateway takes two files: its connection and the one to the engine. */
const fewFiles = 4_096
const remedy = 'Raise the limit where the hub is started: ulimit -n 65536, or LimitNOFILE=65536 in its systemd unit.'

/** A process may open as many files as a hub needs. Looked at here: a service may be started with another limit. */
export const checkOpenFiles: DoctorCheck = () => {
  const limit = fileLimit()
  if (limit === undefined) return []
  const message = `a process may open ${limit}`
  if (limit < fewestFiles) return [fail('open files', `${message}; the hub needs ${fewestFiles}`, remedy)]
  if (limit < fewFiles) return [warn('open files', `${message}: enough for few callers at a time`, remedy)]
  return [ok('open files', message)]
}
