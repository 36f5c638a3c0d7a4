import { plainClasses, plainFunctions, plainValues } from './allowed.ts'
import { dangerousBuiltins, dangerousInKeras, dangerousModules } from './dangerous.ts'

/**
 * What a named class or function is to a loader of Keras models. `plain`: known and only computes; `lambda`: carries code of its own;
 * `torch`: carries a pickle; `dangerous`: known to run code or to reach files, the network or protection; `foreign`: of any other module
 * that is imported and called; `unlisted`: a function of Keras that is not known to be harmless; `custom`: must be given by whoever loads.
 */
export type KerasGrade = 'plain' | 'lambda' | 'torch' | 'dangerous' | 'foreign' | 'unlisted' | 'custom'

/** Packages whose classes Keras itself resolves. */
const keras: ReadonlySet<string> = new Set(['keras', 'tf_keras', 'keras_preprocessing'])
/** Packages of the Keras team; their classes are not listed here. */
const family: ReadonlySet<string> = new Set([
  'keras_hub',
  'keras_cv',
  'keras_nlp',
  'keras_rs',
  'keras_tuner',
  'tensorflow_model_optimization',
])

export type Named = {
  /** Module to import, '' when none is given. */
  module: string
  /** Class, or function when `isFunction`. */
  name: string
  isFunction: boolean
}

/** Grades one class or function by its exact module and name. */
export function gradeKeras({ module, name, isFunction }: Named): KerasGrade {
  const bare = name.slice(name.lastIndexOf('>') + 1)
  if (bare === 'Lambda' || bare === '__lambda__' || bare === 'LambdaLayer') return 'lambda'
  if (bare === 'TorchModuleWrapper') return 'torch'
  const root = rootOf(module)
  const own = root === '' || keras.has(root)
  if (own && dangerousInKeras.has(bare)) return 'dangerous'
  if (module === 'builtins' || module === '__builtin__') {
    if (isFunction) return dangerousBuiltins.has(bare) ? 'dangerous' : plainFunctions.has(bare) ? 'plain' : 'custom'
    return plainValues.has(bare) ? 'plain' : dangerousBuiltins.has(bare) ? 'dangerous' : 'custom'
  }
  if (own) {
    // Names without a module are looked up among those of Keras; then only the one who loads can give them.
    if (isFunction) return plainFunctions.has(bare) ? 'plain' : root === '' ? 'custom' : 'unlisted'
    return plainClasses.has(bare) && !name.includes('>') ? 'plain' : 'custom'
  }
  if (dangerousModules.has(root)) return 'dangerous'
  if (family.has(root) || root === '__main__') return 'custom'
  return 'foreign'
}

/** The package of a module; for TensorFlow's copy of Keras that of Keras. A module is a dotted name and nothing else. */
function rootOf(module: string): string {
  const name = module.replace(
    /^(tensorflow\.(python\.)?keras|tf\.keras|tensorflow\.compat\.v[12]\.keras)(?=\.|$)/,
    'keras',
  )
  return name.split('.', 1)[0] ?? ''
}
