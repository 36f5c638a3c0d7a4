type NetworkHost = { host: string; why: string; because: string }

type Variables = Readonly<Record<string, string | undefined>>

const contacts: readonly { variables: readonly string[]; why: string }[] = [
  { variables: ['MODELHUB_DATABASE_URL'], why: 'the database' },
  { variables: ['MODELHUB_CONTROL_URL'], why: 'the control plane, from a gateway or worker elsewhere' },
  { variables: ['HTTPS_PROXY', 'https_proxy'], why: 'the proxy for outgoing requests' },
  { variables: ['OTEL_EXPORTER_OTLP_ENDPOINT'], why: 'the collector of traces and metrics' },
]

/** Every host the hub may contact by these settings, and why. The hub contacts no other. */
export function networkHosts(variables: Variables): NetworkHost[] {
  return contacts.flatMap(({ variables: names, why }) => {
    const name = names.find((one) => (variables[one] ?? '') !== '')
    return name === undefined ? [] : [{ host: hostOf(variables[name] ?? ''), why, because: name }]
  })
}

/** Host and port only: the rest of an address may hold a password. */
function hostOf(address: string): string {
  try {
    const url = new URL(address)
    return url.host || url.searchParams.get('host') || 'local socket'
  } catch {
    return 'an address that cannot be read'
  }
}
