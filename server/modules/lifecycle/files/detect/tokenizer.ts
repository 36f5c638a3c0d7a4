import { jsonHeaderOf } from '../../../../../scanner/index.ts'
import { atRoot, type Fact, type Marker, type Structure } from '../description/marker.ts'
import { asCount, asText } from '../description/values.ts'

/** Tokenizer files of transformers: the class, and the vocabulary that token ids come from. */
export const tokenizer: Marker = {
  kind: 'tokenizer',
  title: 'Tokenizer',
  reads: atRoot(
    'tokenizer.json',
    'tokenizer_config.json',
    'tokenizer.model',
    'vocab.json',
    'vocab.txt',
    'spiece.model',
  ),
  atMost: 6,
  look: async (files, folder) => {
    const facts: Fact[] = []
    let structure: Partial<Structure> = {}
    for (const file of files) {
      if (file.path === 'tokenizer_config.json') {
        const config = await folder.json(file)
        const longest = asCount(config?.['model_max_length'], 2 ** 31)
        facts.push(
          { key: 'tokenizer', value: asText(config?.['tokenizer_class']), source: file.path },
          { key: 'tokenizerMaxLength', value: longest, source: file.path },
        )
      }
      // The document is large: the scanner has counted it while it read the bytes.
      if (file.path === 'tokenizer.json') {
        const header = file.header === undefined ? undefined : jsonHeaderOf({ header: file.header })
        const vocabulary = header?.tokenizerVocabulary
        if (vocabulary !== undefined) {
          facts.push({ key: 'tokenizerVocabulary', value: vocabulary.entries, source: file.path })
          structure = { tokenizer: { path: file.path, highestId: vocabulary.highestId } }
        }
      }
    }
    facts.push({ key: 'tokenizerFiles', value: files.map(({ path }) => path), source: files[0]?.path ?? '' })
    return { facts, structure }
  },
}
