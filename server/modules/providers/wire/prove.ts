import { invalid } from '../../../../kernel/index.ts'
import { askOneToken, taskOf } from './ask-one-token.ts'
import { type Connection, unreadable } from './connection.ts'
import { failure, failureOf } from './failure.ts'
import { listModels } from './list-models.ts'
import { rowOf } from './row.ts'

/** Proves that the credential holds: throws the refusal mapped, and returns when the provider accepted it. */
export async function prove(connection: Connection): Promise<void> {
  const { vendor } = connection
  const { proof } = vendor
  switch (proof.type) {
    case 'list':
      await listModels(connection)
      return
    case 'request': {
      const { json } = await connection.ask(proof.request)
      if (typeof json !== 'object' || json === null) throw unreadable(vendor, 'an account')
      const refusal = proof.refusal?.(rowOf(json))
      if (refusal !== undefined) throw failure(vendor, refusal)
      return
    }
    case 'opens': {
      const answer = await connection.peek(proof.address, false)
      if (answer.status >= 300) throw failureOf(vendor, answer)
      if ((await connection.peek(proof.address, true)).status >= 300) return
      throw invalid(
        'proof_impossible',
        'The address opens without the token too, so nothing proves it.',
        'Give an address that asks for the token, or leave the credential out.',
      )
    }
    case 'one-token': {
      const model = proof.model ?? (await firstModel(connection))
      await askOneToken(connection, model, taskOf(model, null))
    }
  }
}

async function firstModel(connection: Connection): Promise<string> {
  const { models } = await listModels(connection)
  const chats = models.find(({ model, facts }) => taskOf(model, facts.endpoints) === 'chat') ?? models[0]
  if (chats !== undefined) return chats.model
  throw invalid(
    'proof_impossible',
    `${connection.vendor.title} lists no model that could be asked for a token, so nothing proves the key.`,
    'Save it without a proof, or give the address of a server that lists its models.',
  )
}
