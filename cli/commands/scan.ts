import { HubError, messageOf } from '../../kernel/index.ts'
import type { ScanReport } from '../../scanner/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { safeJson } from '../text/plain.ts'
import { count } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

const formats = ['text', 'json', 'sarif'] as const
const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
const redrawMs = 100
/** Not 1, which says that findings were met: what broke the scan was not read. */
const exitIncomplete = 2

export const scan = defineCommand({
  name: 'scan',
  summary: 'Inspect model files offline, without a hub',
  args: ['<path>…'],
  options: {
    format: { type: 'string', value: 'FORMAT', description: `One of ${formats.join(', ')} (default text)` },
    'fail-on': { type: 'string', value: 'SEVERITY', description: `One of ${severities.join(', ')} (default high)` },
  },
  notes: [
    'Exit code: 0 clean, 1 findings at or above --fail-on, 2 incomplete (something could not be read in full), 3 wrong use.',
  ],
  routes: [],
  run: async (ctx, { values, positionals }) => {
    const format = choiceOption(values.format, 'format', formats) ?? (ctx.flags.json ? 'json' : 'text')
    const failOn = choiceOption(values['fail-on'], 'fail-on', severities) ?? 'high'
    const { loadReporting, scanPaths } = await import('../../scanner/scan-path.ts')
    const progress = showFiles(ctx)
    let report: ScanReport
    try {
      report = await scanPaths(positionals, { signal: ctx.signal(), onFile: progress.onFile })
    } catch (error) {
      if (ctx.signal().aborted) throw error
      if (error instanceof HubError && error.kind === 'invalid') throw wrongUse(error.message, error.remedy)
      ctx.note(`modelhub: the scan could not be finished: ${messageOf(error)}`)
      return exitIncomplete
    } finally {
      progress.end()
    }
    const { exitCodeOf, renderReport } = await loadReporting()
    const text = renderReport(report, format)
    ctx.line(format === 'text' ? text : safeJson(text))
    return exitCodeOf(report, failOn)
  },
})

/** A line on the terminal that counts the files, gone at the end. */
function showFiles(ctx: Context): { onFile: (done: number) => void; end: () => void } {
  if (!ctx.terminal.error || !ctx.flags.progress || ctx.flags.json) {
    return { onFile: () => undefined, end: () => undefined }
  }
  let lastShown = 0
  return {
    onFile: (done) => {
      const now = ctx.clock.now()
      if (now - lastShown < redrawMs) return
      lastShown = now
      ctx.draw(`\r\u001b[2K${count(done, 'file')} scanned`)
    },
    end: () => {
      if (lastShown > 0) ctx.draw('\r\u001b[2K')
    },
  }
}
