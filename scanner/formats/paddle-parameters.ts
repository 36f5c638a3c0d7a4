import { defineFormat } from '../define-format.ts'
import { headerRule } from '../opaque/rules.ts'
import { beginsPaddleTensor, inspectPaddleParameters } from '../paddle/inspect-parameters.ts'

/** The parameters of a Paddle program: tensors one after the other, each with its type and shape. Source: Paddle, tensor_util.cc. */
export const paddleParametersFormat = defineFormat({
  kind: 'paddle-parameters',
  title: 'Paddle parameters',
  extensions: ['.pdiparams'],
  probe: ({ head, offset, text, path }) =>
    beginsPaddleTensor(head)
      ? { offset, certainty: 'signature' }
      : text === undefined && head.length > 0 && path.endsWith('.pdiparams')
        ? { offset, certainty: 'guess' }
        : undefined,
  inspect: inspectPaddleParameters,
  rules: [headerRule('PADDLE-BOUNDS-002', 'paddle.tensor', 'a tensor of Paddle parameters')],
})
