import type { FoundInJson } from './inspect.ts'
import type { JsonTokens } from './tokens.ts'
import { readItems, readMembers, readValue, skipValue } from './values.ts'
import type { JsonWatch } from './watch.ts'

/**
 * Counts `model.vocab` of a tokenizer.json, with the `{` of `model` current. BPE, WordPiece and WordLevel map token to id; Unigram
 * lists [token, score], where the place is the id. Nothing of it is kept. Source: huggingface/tokenizers, models/.
 */
export function readTokenizerModel(tokens: JsonTokens, found: FoundInJson, watch: JsonWatch): void {
  watch.objectBegins()
  readMembers(tokens, (key, keyOffset) => {
    if (key === 'merges') return skipValue(tokens, 2)
    if (key !== 'vocab' || (tokens.type !== '{' && tokens.type !== '[')) {
      watch.enter(key, keyOffset)
      readValue(tokens, 2, { nodes: 0 }, watch)
      return watch.leave()
    }
    let entries = 0
    let highestId = -1
    if (tokens.type === '[') {
      readItems(tokens, () => {
        entries += 1
        skipValue(tokens, 3)
      })
      highestId = entries - 1
    } else {
      readMembers(tokens, () => {
        entries += 1
        if (tokens.type === 'number') {
          const id = Number(tokens.text)
          if (Number.isSafeInteger(id) && id > highestId) highestId = id
        } else skipValue(tokens, 3)
      })
    }
    if (entries > 0) found.tokenizerVocabulary = { entries, highestId }
    return undefined
  })
  watch.objectEnds(tokens.offset)
}
