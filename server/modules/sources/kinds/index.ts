import { registry } from '../../../../kernel/index.ts'
import type { SourceKind } from '../source-kind.ts'
import { diskSource } from './disk.ts'

export const sourceKinds = registry<SourceKind>('source', [diskSource as unknown as SourceKind])
