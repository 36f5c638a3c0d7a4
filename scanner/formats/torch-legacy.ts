import { defineFormat } from '../define-format.ts'
import { inspectLegacyTorch, legacyTorchStart } from '../pickle/legacy-torch.ts'
import { legacyTorchRules } from '../pickle/legacy-torch-rules.ts'

/** What torch.save wrote before version 1.6, and still writes on request. Source: torch/serialization.py, `_legacy_save`. */
export const torchLegacyFormat = defineFormat({
  kind: 'torch-legacy',
  title: 'PyTorch file of the old kind',
  canRun: true,
  probe: ({ head, offset }) => (legacyTorchStart(head) === undefined ? undefined : { offset, certainty: 'signature' }),
  inspect: inspectLegacyTorch,
  rules: legacyTorchRules,
})
