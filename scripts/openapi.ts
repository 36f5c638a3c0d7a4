// Writes openapi.json and the SDK's types from the contract; with --check fails when the committed ones differ.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { openApiDocument } from '../server/http/openapi.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const document = openApiDocument(version)
const outputs = {
  'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'sdk/generated/api.ts': `// Generated from openapi.json by \`npm run openapi\`. Do not edit.\n${astToString(await openapiTS(JSON.stringify(document), { defaultNonNullable: false }))}`,
}

const check = process.argv.includes('--check')
for (const [name, text] of Object.entries(outputs)) {
  const path = join(root, name)
  if (!check) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${name} is not what the contract says. Run: npm run openapi`)
    process.exitCode = 1
  }
}
