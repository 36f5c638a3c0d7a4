import { registry } from '../../../../kernel/index.ts'
import { embeddedEngine } from './embedded.ts'

export const engineKinds = registry('engine', [embeddedEngine])
