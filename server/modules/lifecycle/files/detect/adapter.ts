import { atRoot, type Marker } from '../description/marker.ts'
import { asCount, asFactor, asText, asTexts } from '../description/values.ts'

/** The configuration of a PEFT adapter: what it is made for. It runs only on its base model. Source: peft, config.py, lora/config.py. */
export const adapter: Marker = {
  kind: 'adapter',
  title: 'PEFT adapter',
  reads: atRoot('adapter_config.json'),
  atMost: 1,
  look: async ([file], folder) => {
    const config = file === undefined ? null : await folder.json(file)
    if (file === undefined || config === null) return {}
    const source = file.path
    const base = asText(config['base_model_name_or_path'])
    const targets = asTexts(config['target_modules'])
    const weights = folder.files.find(({ path }) => /^adapter_model\.(safetensors|bin)$/.test(path))
    return {
      facts: [
        { key: 'baseModels', value: base === undefined ? undefined : [base], source },
        { key: 'baseRelation', value: 'adapter', source },
        { key: 'adapterType', value: asText(config['peft_type']), source },
        { key: 'adapterRank', value: asCount(config['r'], 65_536), source },
        { key: 'adapterAlpha', value: asFactor(config['lora_alpha']), source },
        {
          key: 'adapterTargets',
          value: targets.length > 0 ? targets : asText(config['target_modules']),
          source,
        },
        { key: 'adapterTask', value: asText(config['task_type']), source },
        { key: 'deployableAlone', value: false, source },
      ],
      traits: ['adapter'],
      doubts: [
        ...(base === undefined ? [`${source} does not name the base model of the adapter.`] : []),
        ...(weights === undefined ? [`${source} is there, but no adapter_model file is.`] : []),
      ],
    }
  },
}
