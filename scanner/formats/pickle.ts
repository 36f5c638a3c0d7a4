import { defineFormat } from '../define-format.ts'
import { inspectPickle } from '../pickle/inspect.ts'
import { findPickle, isPickle } from '../pickle/is-pickle.ts'
import { legacyTorchStart } from '../pickle/legacy-torch.ts'
import { pickleRules } from '../pickle/rules.ts'

/** Bytes at a boundary in which a pickle behind something else is looked for. */
const searched = 4_096
const extensions = ['.pkl', '.pickle', '.dill']

/**
 * Python pickles of every protocol, joblib files included. Protocols 2 to 5 begin with PROTO; 0 and 1 have no signature, so their
 * first opcodes must make sense as a program. Source: CPython Lib/pickletools.py.
 */
export const pickleFormat = defineFormat({
  kind: 'pickle',
  title: 'Python pickle',
  extensions,
  canRun: true,
  probe: ({ head, offset, path, text }) => {
    if (legacyTorchStart(head) !== undefined) return undefined
    if (isPickle(head)) return { offset, certainty: 'signature' }
    // Behind a header of nothing known, for loaders that seek. Text cannot hold PROTO.
    const hidden = findPickle(head.subarray(0, searched), 1, true)
    // Whoever loads it by its name runs what there is of it, up to where it breaks.
    if (text !== undefined && offset === 0 && extensions.some((extension) => path.endsWith(extension)))
      return { offset, certainty: 'guess' }
    return hidden < 0 ? undefined : { offset: offset + hidden, certainty: 'guess' }
  },
  inspect: inspectPickle,
  rules: pickleRules,
})
