import { conflict, type HubError } from './errors.ts'

/** What the operator can do where a port cannot be listened on; undefined for what is no matter of address or port. */
export function listenError(
  error: { code?: string | undefined },
  at: { host: string; port: number /** The setting that names the port. */; variable: string },
): HubError | undefined {
  const details = { details: { host: at.host, port: at.port }, cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return conflict(
        'port_in_use',
        `Port ${at.port} on ${at.host} is in use.`,
        `Stop the other program, or set ${at.variable}.`,
        details,
      )
    case 'EACCES':
    case 'EPERM':
      return conflict(
        'port_not_allowed',
        `Port ${at.port} on ${at.host} may not be used by this user: ports below 1024 are privileged.`,
        `Set ${at.variable} to a port above 1023, and put a proxy in front for the well-known one.`,
        details,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return conflict(
        'address_not_here',
        `The address ${at.host} is not one of this machine.`,
        'Set MODELHUB_HOST to 127.0.0.1, to 0.0.0.0 for every address, or to one that this machine has.',
        details,
      )
    case undefined:
    default:
      return undefined
  }
}
