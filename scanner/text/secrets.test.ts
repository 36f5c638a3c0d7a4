import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { randomFrom } from '../testing/compressed-bytes.ts'
import { look } from '../testing/look.ts'
import type { Observation } from '../types.ts'
import { findIndicators } from './indicators.ts'
import { secretShapes } from './secret-shapes.ts'
import { findSecrets, secretOverlap } from './secrets.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters as a generator of keys would draw them, so that no real key stands in this file. */
function draw(length: number, alphabet: string = letters, seed: number = 4): string {
  const next = randomFrom(seed)
  return Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
}
const hex = '0123456789abcdef'
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const examples: readonly [string, string][] = [
  ['AWS access key id', `AKIA${draw(16, upper)}`],
  ['AWS access key id', `ASIA${draw(16, upper)}`],
  ['AWS secret access key', `aws_secret_access_key = "${draw(40)}"`],
  ['AWS secret access key', `AWS_SECRET_ACCESS_KEY=${draw(40)}`],
  ['Google API key', `AIza${draw(35)}`],
  ['Google OAuth token', `ya29.${draw(60)}`],
  ['Google OAuth client secret', `GOCSPX-${draw(28)}`],
  ['Azure storage key', `AccountKey=${draw(86)}==`],
  ['Azure client secret', `${draw(3)}8Q~${draw(34)}`],
  ['GitHub token', `ghp_${draw(36)}`],
  ['GitHub token', `github_pat_${draw(22)}_${draw(59)}`],
  ['GitLab token', `glpat-${draw(20)}`],
  ['Slack token', `xoxb-${draw(12, hex)}-${draw(24)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${draw(8, upper)}/B${draw(8, upper)}/${draw(24)}`],
  ['Discord webhook', `https://discord.com/api/webhooks/${draw(18, '123456789')}/${draw(68)}`],
  ['Telegram bot token', `${draw(10, '123456789')}:AA${draw(33)}`],
  ['Anthropic key', `sk-ant-api03-${draw(93)}-AA`],
  ['OpenRouter key', `sk-or-v1-${draw(64, hex)}`],
  ['OpenAI key', `sk-proj-${draw(70)}_${draw(30)}`],
  ['OpenAI or compatible key', `sk-${draw(48)}`],
  ['OpenAI or compatible key', `sk-${draw(32, hex)}`],
  ['Hugging Face token', `hf_${draw(34)}`],
  ['Groq key', `gsk_${draw(52)}`],
  ['Replicate token', `r8_${draw(37)}`],
  ['NVIDIA key', `nvapi-${draw(64)}`],
  ['LangSmith key', `lsv2_pt_${draw(32, hex)}_${draw(10, hex)}`],
  ['Databricks token', `dapi${draw(32, hex)}`],
  ['Stripe key', `sk_live_${draw(24)}`],
  ['SendGrid key', `SG.${draw(22)}.${draw(43)}`],
  ['npm token', `npm_${draw(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${draw(60)}`],
  ['Docker token', `dckr_pat_${draw(27)}`],
  ['DigitalOcean token', `dop_v1_${draw(64, hex)}`],
  ['JSON Web Token', `eyJ${draw(30)}.eyJ${draw(40)}.${draw(43)}`],
  ['private key', '-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADAN'],
  ['private key', '-----BEGIN RSA PRIVATE KEY-----\\nMIIEvQIBADAN'],
  ['private key', '-----BEGIN OPENSSH PRIVATE KEY-----\\nMIIEvQIBADAN'],
  ['private key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\\nMIIEvQIBADAN'],
  ['private key', 'PuTTY-User-Key-File-3: ssh-ed25519'],
]

function found(text: string): Observation[] {
  const seen: Observation[] = []
  findSecrets(text, 0, (observation) => seen.push(observation))
  return seen
}

test.each(examples)('%s in settings, code and text', (name, secret) => {
  for (const text of [
    secret,
    `{"key": "${secret}"}`,
    `token = '${secret}' # note`,
    `a\\n${secret}\\n`,
    `see ${secret}.`,
  ]) {
    const seen = found(text)
    expect(
      seen.map(({ detail }) => detail),
      text,
    ).toContain(name)
    for (const { evidence = '' } of seen) expect(evidence).toMatch(/^.{4}\.\.\.\[\d+ characters\]$/s)
  }
})

test('every shape has an example', () => {
  const shown = new Set(examples.map(([name]) => name))
  const rare = ['Perplexity key', 'xAI key', 'Pinecone key', 'Weights & Biases key', 'HashiCorp Vault token']
  expect(secretShapes.map(({ name }) => name).filter((name) => !shown.has(name) && !rare.includes(name))).toEqual([])
})

test.each([
  'task-1234567890abcdefghijkl is done',
  'a disk-ABCDEFGH1234567890abcdefgh',
  'hf_model_name_or_path_of_the_base_model_here',
  `hf_${'x'.repeat(34)}`,
  `sk-${'x'.repeat(40)}`,
  'AKIA is a prefix',
  'the key is sk-your-key-here',
  `XAKIA${draw(16, upper)}`,
  '-----BEGIN PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----',
  `if (text.startsWith('-----BEGIN PRIVATE KEY-----')) return`,
  `sha256:${draw(64, hex)}`,
  `"${draw(32, hex)}": 17`,
  'eyJust a word',
  'npm_config_registry=https://registry.npmjs.org',
])('no credential: %s', (text) => {
  expect(found(text)).toEqual([])
})

test('credentials on the border of two windows, and shortly before it, are found once each', () => {
  const border = 1024 * 1024
  const text = `${' '.repeat(border - 150)}hf_${draw(34)}${' '.repeat(103)}ghp_${draw(36)} `
  const { findings } = look(Buffer.from(text), 'notes.txt')
  expect(findings.map(({ ruleId, offset }) => [ruleId, offset])).toEqual([
    ['SECRET-KEY-001', border - 150],
    ['SECRET-KEY-001', border - 10],
  ])
  expect(secretOverlap).toBeGreaterThan(300)
})

test('addresses and drop hosts', () => {
  const seen = (text: string): string[] => {
    const noted: string[] = []
    findIndicators(text, 0, ({ code, evidence }) => noted.push(`${code} ${evidence}`))
    return noted
  }
  expect(seen('connect 203.0.113.9:4444')).toEqual(['ioc.address 203.0.113.9:4444'])
  expect(seen('curl http://198.51.100.7/x')).toEqual(['ioc.address 198.51.100.7'])
  expect(seen('post to https://webhook.site/1234 or abc.ngrok.io')).toEqual([
    'ioc.host webhook.site',
    'ioc.host ngrok.io',
  ])
  expect(seen(`${draw(56, 'abcdefghijklmnopqrstuvwxyz234567')}.onion`)).toHaveLength(1)
  for (const text of [
    'http://127.0.0.1:8080/v1',
    '192.168.1.10:22',
    '10.0.0.1:80',
    '172.20.0.2:80',
    'version 1.2.3.4',
    '1.2.3.4/5',
    '0.0.0.0:8000',
    '1.2.3.4.5:80',
    '300.1.1.1:80',
    'https://huggingface.co/a/b',
  ])
    expect(seen(text), text).toEqual([])
})

test('text made to be slow is not', () => {
  const hostile = [
    'sk-'.repeat(700_000),
    'eyJ'.repeat(700_000),
    `eyJ${'a'.repeat(2_000_000)}`,
    '1.1.1.1:'.repeat(250_000),
    '1'.repeat(2_000_000),
    'AKIAAKIA'.repeat(250_000),
    'xoxb-'.repeat(400_000),
    'glpat-'.repeat(350_000),
    'aws_secret_access_key'.repeat(100_000),
    '-----BEGIN '.repeat(200_000),
  ]
  for (const text of hostile) {
    const started = performance.now()
    findSecrets(text, 0, () => undefined)
    findIndicators(text, 0, () => undefined)
    const took = performance.now() - started
    expect(took, text.slice(0, 20)).toBeLessThan(10_000)
    process.stdout.write(`${text.slice(0, 12)}...: ${((text.length / took) * 0.001).toFixed(0)} MB/s\n`)
  }
})
