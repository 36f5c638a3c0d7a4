// The import rules of the house, held by dependency-cruiser; fails too when it sees fewer modules than there are files, because a
// cruiser that cannot read TypeScript finds nothing and says that all is well.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseOptions } from 'dependency-cruiser'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)
const { forbidden, options } = JSON.parse(readFileSync(join(root, '.dependency-cruiser.json'), 'utf8')) as {
  forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden']
  options: ICruiseOptions
}
const folders = [
  'kernel',
  'contract',
  'egress',
  'scanner',
  'loadgen',
  'engine',
  'gateway',
  'server',
  'sdk',
  'cli',
  'web',
  'test',
  'bin',
]

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
  encoding: 'utf8',
})
  .split('\n')
  // One that was moved stays in the index until the change is committed.
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && existsSync(file))
const { output } = await cruise(folders, {
  ...options,
  validate: true,
  ruleSet: { forbidden } as ICruiseOptions['ruleSet'] & object,
})
if (typeof output === 'string') throw new Error('the cruiser gave text instead of a result')

const seen = new Set(output.modules.map((module) => module.source))
const unseen = files.filter((file) => !seen.has(file))
for (const violation of output.summary.violations) {
  const cycle = violation.type === 'cycle' ? ` (${(violation.cycle ?? []).map((step) => step.name).join(' → ')})` : ''
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}${cycle}`)
}
for (const file of unseen) console.error(`not seen by the cruiser: ${file}`)
console.log(`${seen.size} modules, ${output.summary.violations.length} violations, ${unseen.length} unseen files`)
process.exitCode = output.summary.violations.length + unseen.length === 0 ? 0 : 1
