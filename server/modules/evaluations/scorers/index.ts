import { registry } from '../../../../kernel/index.ts'
import { prefixScorer } from './prefix.ts'

export const scorers = registry('scorer', [prefixScorer])
