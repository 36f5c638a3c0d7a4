import { clamavAddressText, isClamavAddress, parseClamavAddress } from '../../server/platform/clamav.ts'

type NetworkHost = { host: string; why: string; because: string }

type Variables = Readonly<Record<string, string | undefined>>

const contacts: readonly { variables: readonly string[]; why: string }[] = [
  { variables: ['MODELHUB_DATABASE_URL'], why: 'the database' },
  { variables: ['MODELHUB_CONTROL_URL'], why: 'the control plane, from a gateway or worker elsewhere' },
  { variables: ['HTTPS_PROXY', 'https_proxy'], why: 'the proxy for outgoing requests' },
  { variables: ['OTEL_EXPORTER_OTLP_ENDPOINT'], why: 'the collector of traces and metrics' },
]

/** What is contacted only when somebody asks for it. */
const onRequest: readonly NetworkHost[] = [
  { host: 'models.dev', why: 'the catalog of offerings', because: 'modelhub catalog refresh' },
  {
    host: 'hosts of providers',
    why: 'tests, lists and probes; calls of published cloud models, by the gateway',
    because: 'a stored credential',
  },
]

const addresses: NetworkHost = {
  host: 'hosts of addresses',
  why: 'files of URL sources',
  because: 'a model from there',
}

/** Every host the hub may contact by these settings, and why. The hub contacts no other. */
export function networkHosts(variables: Variables): NetworkHost[] {
  const bySetting = contacts.flatMap(({ variables: names, why }) => {
    const name = names.find((one) => (variables[one] ?? '') !== '')
    return name === undefined ? [] : [{ host: hostOf(variables[name] ?? ''), why, because: name }]
  })
  const endpoint = variables['MODELHUB_HF_ENDPOINT'] ?? ''
  const repositories = {
    host: endpoint === '' ? 'huggingface.co, and where it keeps large files' : hostOf(endpoint),
    why: 'repositories of hf: sources; asked again only for models that are watched',
    because: endpoint === '' ? 'a model from there' : 'MODELHUB_HF_ENDPOINT',
  }
  const clamav = variables['MODELHUB_CLAMAV'] ?? ''
  const antivirus =
    clamav === ''
      ? []
      : [{ host: clamavHost(clamav), why: 'the virus scanner that every file is sent to', because: 'MODELHUB_CLAMAV' }]
  return [...bySetting, ...antivirus, ...onRequest, repositories, addresses]
}

function clamavHost(text: string): string {
  if (!isClamavAddress(text)) return 'an address that cannot be read'
  const address = parseClamavAddress(text)
  return 'path' in address ? 'local socket' : clamavAddressText(address)
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
