import { CloudSource } from '../../../../contract/index.ts'
import type { HostedSourceKind } from '../source-kind.ts'

export const cloudSource: HostedSourceKind<CloudSource> = {
  kind: 'cloud',
  reads: 'hosted',
  title: 'Cloud provider',
  checks: 'Credential proved, one token asked for, facts with source and date; there are no files to scan.',
  config: CloudSource as never,
  address: ({ provider, model, region }) =>
    `cloud:${provider}/${model}${region === undefined ? '' : `?region=${region}`}`,
}
