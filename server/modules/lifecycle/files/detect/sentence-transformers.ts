import type { Folder, FolderFile } from '../description/folder.ts'
import { atRoot, type Fact, type Marker } from '../description/marker.ts'
import { asCount, asText } from '../description/values.ts'

/** Modes of a pooling layer by their keys. Source: sentence-transformers, models/Pooling.py. */
const modes: Record<string, string> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'last',
}

/** A sentence-transformers folder: an embedding model with its pooling, its dimension and its longest input. */
export const sentenceTransformers: Marker = {
  kind: 'sentence-transformers',
  title: 'sentence-transformers model',
  reads: (file) =>
    atRoot('modules.json', 'config_sentence_transformers.json', 'sentence_bert_config.json')(file) ||
    /^\d+_(Pooling|Dense)\/config\.json$/.test(file.path),
  atMost: 10,
  look: async (files, folder) => {
    const proof = await proofAmong(files, folder)
    if (proof === undefined) return {}
    const facts: Fact[] = [{ key: 'library', value: 'sentence-transformers', source: proof.path }]
    let crossEncoder = false
    let dimension: Fact | undefined
    for (const file of [...files].sort((a, b) => a.path.localeCompare(b.path))) {
      const value = await folder.json(file)
      if (value === null) continue
      if (file.path.includes('_Pooling/')) {
        const used = Object.keys(modes).filter((key) => value[key] === true)
        const names = used.length > 0 ? used.map((key) => modes[key]).join('+') : asText(value['pooling_mode'])
        facts.push({ key: 'pooling', value: names, source: file.path })
        const width = asCount(value['word_embedding_dimension'] ?? value['embedding_dimension'], 2 ** 24)
        // A dense layer behind the pooling has the last word.
        if (width !== undefined)
          dimension ??= { key: 'embeddingDimension', value: width * Math.max(1, used.length), source: file.path }
      } else if (file.path.includes('_Dense/')) {
        const width = asCount(value['out_features'], 2 ** 24)
        if (width !== undefined) dimension = { key: 'embeddingDimension', value: width, source: file.path }
      } else {
        if (asText(value['model_type']) === 'CrossEncoder') crossEncoder = true
        facts.push(
          { key: 'maxSequenceLength', value: asCount(value['max_seq_length'], 2 ** 31), source: file.path },
          { key: 'similarity', value: asText(value['similarity_fn_name']), source: file.path },
        )
      }
    }
    return {
      facts: dimension === undefined ? facts : [...facts, dimension],
      traits: [crossEncoder ? 'reranker' : 'embedding'],
    }
  },
}

/** The file that says so by its content: a list of modules of that library, or its own configuration. */
async function proofAmong(files: readonly FolderFile[], folder: Folder): Promise<FolderFile | undefined> {
  const modules = files.find(({ path }) => path === 'modules.json')
  if (
    modules !== undefined &&
    /"type"\s{0,9}:\s{0,9}"sentence_transformers\./.test((await folder.text(modules)) ?? '')
  ) {
    return modules
  }
  const own = files.find(({ path }) => path === 'config_sentence_transformers.json')
  const config = own === undefined ? null : await folder.json(own)
  const keys = ['__version__', 'prompts', 'similarity_fn_name', 'default_prompt_name']
  return config !== null && keys.some((key) => Object.hasOwn(config, key)) ? own : undefined
}
