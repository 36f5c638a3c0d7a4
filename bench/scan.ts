// How fast files are inspected. Figures: torchZipVsHash and safetensorsVsHash (list, read, seal and inspect one warm GiB in place ÷ its
// SHA-256; the control, interleaved, is the hash), opcodes12MSeconds and opcodes12MPeakMB (a pickle of 12 million opcodes in a process of
// its own: seconds of inspection, resident memory at most), hostilePeakMB (the most that any of a set of hostile files takes: bombs, a
// sparse file of 20 GB, millions of small things), small2000Seconds (`modelhub scan` of 2,000 small pickles, start included),
// cliStartVsNode (`modelhub scan` of one small file ÷ `node -e 0`).
import { median, report, spread } from './report.ts'
import { measureAgainstHash } from './scan/against-hash.ts'
import { measureHostile } from './scan/hostile.ts'
import { measureOpcodes } from './scan/opcodes.ts'
import { measureSmallFiles } from './scan/small-files.ts'
import { measureStart } from './scan/start.ts'

// First: a process that has grown takes longer to start others, which would flatter the ratio.
const start = await measureStart()
const torch = await measureAgainstHash('torch')
const safetensors = await measureAgainstHash('safetensors')
const opcodes = await measureOpcodes()
const hostile = await measureHostile()
const small = await measureSmallFiles()
const controls = [torch.control, safetensors.control, start.control].sort((a, b) => spread(b) - spread(a))
process.exitCode = report(
  'scan',
  {
    torchZipVsHash: median(torch.ratios),
    safetensorsVsHash: median(safetensors.ratios),
    opcodes12MSeconds: median(opcodes.map(({ seconds }) => seconds)),
    opcodes12MPeakMB: Math.max(...opcodes.map(({ peakMB }) => peakMB)),
    hostilePeakMB: Math.max(...hostile.map(({ peakMB }) => peakMB)),
    small2000Seconds: median(small.seconds),
    cliStartVsNode: median(start.ratios),
  },
  controls[0] ?? [],
  { torch, safetensors, opcodes, hostile, small, start },
)
