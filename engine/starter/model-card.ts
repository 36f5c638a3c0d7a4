/** The card that goes beside the generated model. Says plainly what it is, and what it is not. */
export const knownBigramCard = `---
license: apache-2.0
pipeline_tag: text-generation
library_name: gguf
tags:
  - gguf
  - known-answer
  - test
---

# known-bigram

This is a **generated known-answer starter model**. Model Hub writes it itself on first start, byte for byte the same
every time. It was never trained and knows nothing: it exists so that a fresh hub can show the whole path, from
registration to a served answer, with results that can be checked against the truth.

It looks at the last token of the prompt only:

| The prompt ends in | It answers |
|---|---|
| a letter | the rest of the alphabet: \`abc\` gives \`defghijklmnopqrstuvwxyz\` |
| a digit | the digits up to 9 |
| \`<|q1|>\` | A, B or C with probability 0.7, 0.2, 0.1 (then it counts on) |
| \`<|q2|>\` | A or B with probability 0.6, 0.4 (then it counts on) |
| \`<|loop|>\` | \` la\` again and again, until the token limit |
| anything else | one sentence that says what it is |

## Intended use

Checking an installation, an engine, a route, a benchmark or an evaluation. Not for any other task.

## Training data

None.
`
