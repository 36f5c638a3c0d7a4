import { describe, expect, test } from 'vitest'
import { runCommand } from './testing/test-context.ts'

describe('the dispatcher', () => {
  test.each([
    [['lss'], 'Did you mean: modelhub ls?'],
    [['keys', 'creat'], 'Did you mean: modelhub keys create?'],
    [['tokns', 'ls'], 'Did you mean: modelhub tokens?'],
    [['ls', '--stat=draft'], '--state'],
    [['add'], 'No source was given'],
    [['show', 'a', 'b'], 'does not take "b"'],
    [['ls', '--limit', 'many'], '--limit takes a number'],
    [['ls', '--limit', '0'], 'from 1 to 200'],
    [['ls', '--state', 'ready'], 'one of: draft'],
    [['approve', 'a@1'], 'needs its reason'],
    [['approve', 'a@1', '--reason', 'x', '--for', 'findings'], '--expires'],
    [['keys', 'create'], 'needs a name'],
    [['jobs', '--follow'], 'Say which job'],
    [['chat', 'm', 'hi', '--temperature', '9'], 'from 0 to 2'],
    [['add', 'hf:org/name/more'], 'names no repository'],
    [['add', 's3://bucket/x'], 'no sources of the kind'],
    [['add', '/no/such/path'], 'There is no file or folder'],
    [['--frob'], 'There is no option --frob'],
  ])('%j is wrong use: exit 3 with words that help', async (argv, words) => {
    const run = await runCommand(argv)
    expect(run.code).toBe(3)
    expect(run.err).toContain(words)
    expect(run.out).toBe('')
  })

  test('without a command the overview goes to standard error and counts as wrong use', async () => {
    const run = await runCommand([])
    expect(run.code).toBe(3)
    expect(run.err).toContain('audit verify')
  })

  test.each([
    [['--help']],
    [['help']],
    [['help', 'add']],
    [['add', '--help']],
    [['keys', '--help']],
    [['tokens', 'create', '--help']],
  ])('%j shows help on standard output', async (argv) => {
    const run = await runCommand(argv)
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.out).toContain('Usage: modelhub')
  })

  test('common options may stand before the command', async () => {
    const run = await runCommand(['--json', 'doctor', '--network'])
    expect(run.code).toBe(0)
    expect(JSON.parse(run.out)).toMatchObject({
      hosts: [
        { host: 'models.dev' },
        { host: 'hosts of providers' },
        { host: expect.stringContaining('huggingface.co') },
        { host: 'hosts of addresses' },
      ],
    })
  })

  test('no hub: one plain sentence, the remedy, exit 1; as JSON too', async () => {
    const run = await runCommand(['ls', '--json'], { variables: { MODELHUB_URL: 'http://127.0.0.1:9' } })
    expect(run.code).toBe(1)
    expect(run.err).toContain('No hub answers at http://127.0.0.1:9.')
    expect(run.err).toContain('modelhub serve')
    expect(JSON.parse(run.out)).toMatchObject({ code: 'hub_unreachable' })
  })

  test('an address that is none is wrong use', async () => {
    const run = await runCommand(['ls'], { variables: { MODELHUB_URL: 'hub' } })
    expect(run.code).toBe(3)
    expect(run.err).toContain('MODELHUB_URL is not an address')
  })
})
