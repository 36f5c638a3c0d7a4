import type { Fact } from './marker.ts'
import type { Shape } from './shape.ts'

/** The sizes as facts of the file they were read from. */
export function factsOfShape(shape: Shape, source: string): Fact[] {
  const fact = (key: string, value: Fact['value']): Fact => ({ key, value, source })
  return [
    fact('contextLength', shape.contextLength),
    fact('ropeScaling', shape.ropeScaling),
    fact('embeddingLength', shape.hiddenSize),
    fact('layers', shape.layers),
    fact('heads', shape.heads),
    fact('headsKv', shape.headsKv),
    fact('headDim', shape.headDim),
    fact('slidingWindow', shape.slidingWindow),
    fact('experts', shape.experts),
    fact('expertsUsed', shape.expertsUsed),
    fact('vocabulary', shape.vocabulary),
  ]
}
