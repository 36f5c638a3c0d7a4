import { Buffer } from 'node:buffer'
import type { FormatSamples, Sample } from './types.ts'

const yaml = (name: string, text: string, rules?: string[], path = 'model_config.yaml'): Sample => ({
  name,
  path,
  bytes: Buffer.from(text),
  ...(rules === undefined ? {} : { rules }),
})

export const yamlSamples: FormatSamples = {
  kind: 'yaml',
  malicious: [
    yaml('an object', 'a: !!python/object/apply:os.system ["id"]\n', ['YAML-TAG-001']),
    yaml('a target', 'model:\n  _target_: subprocess.run\n  args: [id]\n', ['CFG-TARGET-001']),
    yaml('an unknown target', 'model:\n  _target_: my.own.Thing\n', ['CFG-TARGET-002']),
    yaml('a class by its path', 'trainer:\n  class_path: os.system\n  init_args: {}\n', ['CFG-TARGET-001']),
    yaml('a call in a value', "activation: \"__import__('os').system('id')\"\n", ['YAML-CODE-001']),
    yaml('a loader', 'flavors:\n  python_function:\n    loader_module: evil\n', ['CFG-TARGET-002'], 'MLmodel'),
  ],
  benign: [
    yaml('an encoder', 'encoder:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\n  feat_in: 80\n'),
    yaml('an optimizer', 'optim:\n  _target_: torch.optim.AdamW\n  lr: 1e-4\n# _target_: os.system\n'),
    yaml('settings', 'a: {b: [1, 2], c: "x: y"}\nd: |\n  !!python/object/apply:os.system\n'),
  ],
  truncated: yaml('cut in a list', 'a: [1, 2, 3\n'),
  mutations: [
    yaml('in quotes with escapes', '"\\x5ftarget_": "o\\x73.system"\n', ['CFG-TARGET-001']),
    yaml('a tag through a handle', '%TAG !x! tag:yaml.org,2002:python/\n---\na: !x!object/apply:os.system [id]\n', [
      'YAML-TAG-001',
    ]),
    yaml('behind an alias', 'a: &t os.system\nb: {_target_: *t}\n', ['CFG-TARGET-001']),
    yaml('without its name', 'b:\n  _target_: os.system\n', ['CFG-TARGET-001'], 'notes.txt'),
  ],
}
