import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { noteHostile } from '../source/hostile.ts'
import { sweepText } from '../text/sweep.ts'
import type { ExecutableHeader } from './types.ts'

/** Lines longer than this hold data rather than commands; their start is looked at. */
const maxLine = 4096
const fetcher =
  /\b(?:curl|wget|fetch|iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring|downloadfile|certutil|bitsadmin)\b/i
const runner =
  /(?:\||;|&&|\$\(|`|<\()\s*(?:sudo\s+)?(?:[a-z/]*\/)?(?:ba|z|da|k|c)?sh\b|\|\s*(?:sudo\s+)?(?:python|perl|ruby|node|php)|\biex\b|invoke-expression|\beval\b|\bsource\s+<|chmod\s+\+?[0-7a-z]*x|start-process|\bpython[0-9.]*\s+-c/i
const hostile: readonly { what: string; pattern: RegExp }[] = [
  {
    what: 'a shell over the network',
    pattern: /\/dev\/(?:tcp|udp)\/|\b(?:nc|ncat|netcat)\b[^|;]{0,200}\s-[a-z]{0,6}[ec]\b|\bsocat\b[^|;]{0,200}exec:/i,
  },
  {
    what: 'encoded commands',
    pattern:
      /base64\s+(?:-d|-D|--decode)[^|;]{0,200}\|\s*(?:sudo\s+)?(?:[a-z/]*\/)?(?:(?:ba|z|da)?sh|python|perl)|\s-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{40}|frombase64string|xxd\s+-r[^|;]{0,100}\|\s*(?:ba)?sh/i,
  },
  {
    what: 'changes to what starts by itself',
    pattern:
      /\bcrontab\b|\/etc\/(?:cron|rc\.local|ld\.so\.preload)|\.ssh\/authorized_keys|currentversion\\run|schtasks|launchctl\s+load|systemctl\s+enable|>>\s*~?\/?[^\s]{0,100}\.(?:bashrc|profile|zshrc)/i,
  },
  {
    what: 'deletion of everything',
    pattern:
      /\brm\s+-[a-z]*r[a-z]*\s+(?:--no-preserve-root\s+)?(?:\/|~|\$home)(?:\s|\*|$)|\bmkfs\b|\bdd\s+[^|;]{0,100}of=\/dev\//i,
  },
  {
    what: 'reading of keys',
    pattern:
      /(?:cat|cp|curl|tar|zip|scp)\b[^|;]{0,200}(?:\.ssh\/id_|\.aws\/credentials|\/etc\/shadow|\.kube\/config|\.huggingface\/token)/i,
  },
]

/** A script: its first line, and lines that fetch and run code or do what no set-up of a model needs. */
export function inspectScript(context: InspectContext): Inspected {
  const { reader, offset, length, observe, cover } = context
  const first = firstLine(reader.read(offset, 256))
  observe({ code: 'exe.script', offset, evidence: first })
  const lines = createLineReader((line, at) => noteLine(line, at, observe))
  const isText = sweepText(context, (text, at) => {
    lines.add(text, at)
    noteHostile(text, at, observe)
  })
  lines.finish()
  // Behind its last line a script may carry an archive or a program that it unpacks; nothing reads that part here.
  if (isText) cover(offset, length, 'parsed')
  else observe({ code: 'scan.uninspected', offset, detail: 'script with other data in it', data: { title: 'Script' } })
  const header: ExecutableHeader = { kind: 'script', role: 'script', machine: null, command: escapeText(first) }
  return { header, end: offset + length }
}

function noteLine(line: string, offset: number, observe: InspectContext['observe']): void {
  const evidence = line.trim()
  if (/^(?:#(?!!)|rem\b|::)/i.test(evidence)) return
  if (fetcher.test(line) && runner.test(line)) observe({ code: 'exe.script-fetches', offset, evidence })
  for (const { what, pattern } of hostile)
    if (pattern.test(line)) observe({ code: 'exe.script-hostile', offset, detail: what, evidence })
}

/** Whole lines of text that comes in windows; a line that ends in a backslash goes on in the next. */
function createLineReader(visit: (line: string, offset: number) => void): {
  add: (text: string, offset: number) => void
  finish: () => void
} {
  let open = ''
  let start = 0
  return {
    add: (text, offset) => {
      let at = 0
      for (let next = text.indexOf('\n'); next >= 0; next = text.indexOf('\n', at)) {
        if (open === '') start = offset + at
        const line = (open + text.slice(at, Math.min(next, at + maxLine))).slice(0, maxLine)
        at = next + 1
        if (line.endsWith('\\')) {
          open = line.slice(0, -1)
          continue
        }
        visit(line, start)
        open = ''
      }
      if (open === '') start = offset + at
      open = (open + text.slice(at, at + maxLine)).slice(0, maxLine)
    },
    finish: () => {
      if (open !== '') visit(open, start)
    },
  }
}

function firstLine(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).split('\n', 1)[0] ?? ''
}
