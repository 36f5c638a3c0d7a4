import { registry } from '../../kernel/index.ts'
import type { LoadKind } from '../load-kind.ts'
import { closed } from './closed.ts'

export const loadKinds = registry<LoadKind>('load kind', [closed])
