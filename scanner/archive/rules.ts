import type { Severity } from '../../kernel/index.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'

const untrusted =
  'Do not unpack or load the archive. Ask the publisher for a new export, made with the ordinary tools, and compare its sha256.'
const again =
  'Download the file again and compare its sha256 with the publisher; if it is the same, ask for a new export.'

type Arc = {
  id: string
  title: string
  severity: Severity
  cwe: string
  on: string[]
  explanation: string
  when?: NonNullable<Rule['when']>
}

const rule = (definition: Arc, remedy: string = untrusted): Rule => defineRule({ ...definition, remedy })

/** Rules that hold for every container: ZIP, tar, 7z and compressed streams. */
export const archiveRules: readonly Rule[] = [
  rule({
    id: 'ARC-PATH-001',
    title: 'A member would be unpacked outside the target folder',
    severity: 'critical',
    cwe: 'CWE-22',
    on: ['archive.path-traversal'],
    explanation:
      'Unpacking overwrites files elsewhere, such as start-up scripts or keys, with what the archive brings.',
  }),
  rule({
    id: 'ARC-PATH-002',
    title: 'A member has an absolute path',
    severity: 'critical',
    cwe: 'CWE-22',
    on: ['archive.path-absolute'],
    explanation: 'Unpackers that obey it overwrite files anywhere on the machine.',
  }),
  rule({
    id: 'ARC-PATH-003',
    title: 'A link in the archive leads out of it',
    severity: 'critical',
    cwe: 'CWE-59',
    on: ['archive.link-escape'],
    explanation:
      'Once it is unpacked, reading the member reads another file of the machine, and writing it overwrites that.',
  }),
  rule({
    id: 'ARC-PATH-004',
    title: 'A member would be written through a link of the same archive',
    severity: 'critical',
    cwe: 'CWE-59',
    on: ['archive.link-through'],
    explanation: 'First a link is made, then the next member is written to wherever it leads.',
  }),
  rule({
    id: 'ARC-PATH-005',
    title: 'A name holds a backslash',
    severity: 'medium',
    cwe: 'CWE-22',
    on: ['archive.path-backslash'],
    explanation: 'One system takes it for a folder, another for a letter: what is checked is not what is written.',
  }),
  rule({
    id: 'ARC-PATH-006',
    title: 'A name holds control characters',
    severity: 'high',
    cwe: 'CWE-158',
    on: ['archive.path-control'],
    explanation:
      'Loaders cut a name at its first zero byte while scanners see all of it, so they mean different files.',
  }),
  rule({
    id: 'ARC-PATH-007',
    title: 'A name that systems change when they write it',
    severity: 'medium',
    cwe: 'CWE-176',
    on: ['archive.path-unportable'],
    explanation:
      'Device names, endings that Windows drops, streams and look-alike letters become other files than shown.',
  }),
  rule({
    id: 'ARC-PATH-008',
    title: 'A name longer than file systems hold',
    severity: 'medium',
    cwe: 'CWE-20',
    on: ['archive.path-long'],
    explanation: 'It is cut or refused, depending on the tool; nothing honest needs it.',
  }),
  rule({
    id: 'ARC-PATH-009',
    title: 'The same name twice',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['archive.duplicate-name'],
    explanation: 'One reader takes the first, another the last: what is reviewed is not what is loaded.',
  }),
  rule({
    id: 'ARC-PATH-010',
    title: 'Names that differ in capitals only',
    severity: 'medium',
    cwe: 'CWE-178',
    on: ['archive.case-name'],
    explanation: 'Some loaders ignore capitals, and so do the disks of many laptops: one of the two wins.',
  }),
  rule({
    id: 'ARC-PATH-011',
    title: 'A link inside the archive',
    severity: 'low',
    cwe: 'CWE-59',
    on: ['archive.link'],
    explanation: 'It stays inside the archive, but models need no links and some unpackers handle them wrongly.',
  }),
  rule({
    id: 'ARC-PATH-012',
    title: 'A device or pipe in the archive',
    severity: 'high',
    cwe: 'CWE-73',
    on: ['archive.device'],
    explanation: 'Unpacked with rights it gives access to a disk or to memory; no model has one.',
  }),
  rule(
    {
      id: 'ARC-PATH-013',
      title: 'A name that Windows keeps for a device',
      severity: 'low',
      cwe: 'CWE-67',
      on: ['archive.path-device'],
      explanation: 'The archive cannot be unpacked on Windows, where such a name means a console or a port.',
    },
    'Nothing, unless the model is to be unpacked on Windows; then ask the publisher to rename the member.',
  ),
  rule({
    id: 'ARC-BOMB-001',
    title: 'The archive unpacks to far more than it could hold honestly',
    severity: 'high',
    cwe: 'CWE-409',
    on: ['archive.bomb'],
    explanation: 'Whoever unpacks it runs out of disk or memory. What lies beyond the bound was not inspected.',
  }),
  rule({
    id: 'ARC-BOMB-002',
    title: 'Members share the same bytes',
    severity: 'high',
    cwe: 'CWE-409',
    on: ['archive.overlap'],
    explanation:
      'Overlapping members make a small file unpack to an enormous one, and make two readings of the same bytes.',
  }),
  rule({
    id: 'ARC-BOMB-003',
    title: 'More members than any model has',
    severity: 'high',
    cwe: 'CWE-770',
    on: ['archive.count'],
    explanation:
      'Counts are bounded so that no archive can exhaust the scanner or a disk; members beyond were not read.',
  }),
  rule({
    id: 'ARC-OPAQUE-001',
    title: 'The content is encrypted',
    severity: 'high',
    cwe: 'CWE-693',
    on: ['archive.encrypted'],
    explanation: 'Encryption keeps scanners out while the instructions that come with the model open it.',
  }),
  rule({
    id: 'ARC-OPAQUE-002',
    title: 'The content is packed in a way this release does not read',
    severity: 'high',
    cwe: 'CWE-693',
    on: ['archive.opaque'],
    explanation: 'Unusual methods keep scanners out while the loader that expects them reads on.',
  }),
  rule(
    {
      id: 'ARC-BROKEN-001',
      title: 'The archive is broken or ends too early',
      severity: 'high',
      cwe: 'CWE-20',
      on: ['archive.broken'],
      explanation: 'Loaders run what comes before the break. An unfinished download looks the same.',
    },
    again,
  ),
  rule(
    {
      id: 'ARC-CRC-001',
      title: 'Content does not match its checksum',
      severity: 'high',
      cwe: 'CWE-354',
      on: ['archive.checksum'],
      explanation:
        'Careful readers refuse it and careless ones use it, which has hidden code from scanners before (CVE-2025-10156).',
    },
    again,
  ),
  rule({
    id: 'ARC-DIVERGE-001',
    title: 'A member has two names',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.name-differs'],
    explanation:
      'The directory and the member itself disagree: scanners go by one name, loaders by the other (CVE-2025-1944).',
  }),
  rule({
    id: 'ARC-DIVERGE-002',
    title: 'The directory and a member disagree',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.field-differs'],
    explanation: 'Readers that go by the directory unpack other bytes than those that go by the member.',
  }),
  rule({
    id: 'ARC-DIVERGE-003',
    title: 'A member that the directory does not list',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.unlisted'],
    explanation: 'Readers that walk the file from its start find it, those that use the directory do not.',
  }),
  rule({
    id: 'ARC-DIVERGE-004',
    title: 'The directory lists a member that is not there',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.no-local-header'],
    explanation: 'What some readers unpack from that place is anything the file holds there.',
  }),
  rule({
    id: 'ARC-DIVERGE-005',
    title: 'More than one directory',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.several-directories'],
    explanation: 'Two archives in one file: which of them is loaded depends on the reader.',
  }),
  rule({
    id: 'ARC-DIVERGE-006',
    title: 'Bytes that belong to no member',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.gap'],
    explanation: 'What no member owns is ignored by most readers and is a place to hide in.',
  }),
  rule({
    id: 'ARC-DIVERGE-007',
    title: 'A member is marked as encrypted but is not',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.flag-lie'],
    explanation: 'Scanners give up on it while lenient loaders ignore the mark and load it (CVE-2025-1945).',
  }),
  rule(
    {
      id: 'ARC-DIVERGE-008',
      title: 'The archive has no directory at its end',
      severity: 'high',
      cwe: 'CWE-436',
      on: ['zip.no-directory'],
      explanation:
        'Strict readers refuse it, repairing ones load what they find. An unfinished download looks the same.',
    },
    again,
  ),
  rule({
    id: 'ARC-DIVERGE-009',
    title: 'Bytes behind the end of the archive',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['archive.trailing'],
    explanation: 'Some readers ignore what follows the end, others search it for another beginning.',
  }),
  rule({
    id: 'ARC-DIVERGE-010',
    title: 'The counts and places in the directory do not add up',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.directory'],
    explanation: 'Readers that trust the count stop at another member than those that read to the end.',
  }),
  rule({
    id: 'ARC-DIVERGE-011',
    title: 'Bytes inside a member that its content does not use',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.slack'],
    explanation: 'The packed content ends before the member does; the rest is invisible to readers of the content.',
  }),
  rule({
    id: 'ARC-DIVERGE-012',
    title: 'A tar header whose checksum is wrong',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['tar.checksum'],
    explanation: 'Strict readers stop at it, lenient ones skip on to the next: they see different archives.',
  }),
  rule({
    id: 'ARC-DIVERGE-013',
    title: 'A tar member has two sizes',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['tar.size-differs'],
    explanation:
      'Readers that obey the one go on at another place than those that obey the other, and find other members there.',
  }),
  rule({
    id: 'ARC-DIVERGE-014',
    title: 'Something stands in front of the archive',
    severity: 'high',
    cwe: 'CWE-436',
    on: ['zip.front'],
    explanation:
      'Readers that look for the end of an archive find it, those that look at the start of the file see something else.',
    // What the scanner knows the format of is judged as a second format.
    when: ({ member }, { parts }) => member !== undefined || (parts[0]?.offset ?? 0) > 0,
  }),
]
