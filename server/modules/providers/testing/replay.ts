import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fill } from '../wire/fill.ts'
import type { ProviderContract } from './contract.ts'
import type { Asked, Behavior } from './provider-server.ts'

/** A service account and the key that its signatures are checked with. */
export function makeServiceAccount(): { keyFile: string; publicKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const keyFile = JSON.stringify({
    type: 'service_account',
    project_id: 'my-project-123',
    private_key_id: 'fixture',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'hub@my-project-123.iam.gserviceaccount.com',
    // Not followed: the key goes to one address only.
    token_uri: 'https://attacker.example/token',
  })
  return { keyFile, publicKey }
}

/** Answers as the contract says, to requests that carry the credential; others are refused. */
export function replay(contract: ProviderContract, publicKey?: KeyObject): Behavior {
  return (asked) => {
    const found = contract.exchanges.find(
      ({ request }) => request.method === asked.method && fill(request.url, contract.fields) === asked.url,
    )
    if (found === undefined) return { status: 404, body: { error: `no such exchange: ${asked.method} ${asked.url}` } }
    const open = contract.openList === true && asked.method === 'GET' && asked.url.endsWith('/models')
    const holds = found.request.google === true ? isSigned(asked, publicKey) : carries(contract, asked)
    return open || holds ? found.response : contract.refused
  }
}

function carries(contract: ProviderContract, { headers }: Asked): boolean {
  return (
    Object.entries(contract.auth ?? {}).every(([name, value]) => headers[name] === value) &&
    Object.entries(contract.authMatch ?? {}).every(([name, pattern]) => new RegExp(pattern).test(String(headers[name])))
  )
}

function isSigned({ body }: Asked, publicKey: KeyObject | undefined): boolean {
  const [head = '', claims = '', signature = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.')
  return (
    publicKey !== undefined &&
    createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, Buffer.from(signature, 'base64url'))
  )
}
