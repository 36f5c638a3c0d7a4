import { escapeText } from '../evidence.ts'
import { isDangerous } from '../targets/dangerous.ts'
import type { Observation } from '../types.ts'

/** Loaders that only build plain values. */
const plain: ReadonlySet<string> = new Set(
  'DictNode ListNode TupleNode SetNode SliceNode JsonNode BytesNode BytearrayNode NdArrayNode MaskedArrayNode DtypeNode RandomStateNode RandomGeneratorNode SparseMatrixNode DefaultDictNode OrderedDictNode DatetimeNode LossNode TreeNode CachedNode'.split(
    ' ',
  ),
)
/** Packages whose types a model of this format is made of. Source: skops documentation, "secure persistence". */
const usual =
  /^(sklearn|numpy|scipy|builtins|collections|datetime|skops|decimal|quantile_forest|lightgbm|xgboost|catboost|pandas|joblib\.numpy_pickle|functools|_loss|copyreg)(\.|$)/

/**
 * Notes one node of the schema of a skops archive. Its loader builds what the node names; two of the loaders call operators and methods
 * by name. Source: skops io/_general.py, io/_sklearn.py; GHSA-m7f4-hrc6-fwg3, GHSA-4v6w-xpmh-gfgp.
 * @param text a member of the node, or ''
 */
export function noteSkopsNode(
  text: (key: string) => string,
  where: { offset: number; member: string },
  observe: (observation: Observation) => void,
): void {
  const loader = text('__loader__')
  const name = `${text('__module__')}.${text('__class__')}`
  const seen = {
    offset: where.offset,
    member: where.member,
    evidence: name,
    detail: `${escapeText(loader, 40)} ${escapeText(name, 100)}`,
  }
  if (where.member === '') observe({ code: 'skops.present', offset: where.offset })
  if (loader === 'OperatorFuncNode') observe({ code: 'skops.operator', ...seen })
  else if (loader === 'MethodNode') observe({ code: 'skops.method', ...seen })
  if (isDangerous(name) && !(plain.has(loader) && text('__module__') === 'builtins'))
    observe({ code: 'skops.dangerous', ...seen })
  else if (!usual.test(name) && loader !== 'OperatorFuncNode') observe({ code: 'skops.unknown', ...seen })
}
