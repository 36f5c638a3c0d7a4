import { registry } from '../../../../kernel/index.ts'
import { sequenceTask } from './sequence.ts'

export const tasks = registry('task', [sequenceTask])
