import { entry } from '../../../kernel/index.ts'
import { createScannerPool } from '../../../scanner/index.ts'

// A program whose scanner child never ends, to be killed. Argument: the file to scan.
const [path = ''] = process.argv.slice(2)
const main = entry('../../../scanner/testing/hostile-child', import.meta.url)
await createScannerPool({ size: 1, main }).inspect({ path, name: 'hang' })
