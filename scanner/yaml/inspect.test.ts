import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { look } from '../testing/look.ts'

const yaml = (source: string, path = 'model_config.yaml'): ReturnType<typeof look> => look(Buffer.from(source), path)

describe('what a loader would call is critical, in every spelling', () => {
  test.each([
    'a: !!python/object/apply:os.system ["id"]',
    '!!python/object/apply:os.system ["id"]',
    'a:\n- !!python/object/new:subprocess.Popen [["id"]]',
    'a: !!python/name:os.system',
    'a: !!python/module:evil',
    'a: !<tag:yaml.org,2002:python/object/apply:os.system> ["id"]',
    '%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system ["id"]',
    '%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.system ["id"]',
    'a: !!python/%6fbject/apply:os.system ["id"]',
    '{a: [1, !!python/object/apply:os.system ["id"]]}',
    '? !!python/object/apply:os.system ["id"]\n: 1',
    'a: &x !!python/object/apply:os.system ["id"]',
    'x: |\n  text\ny: !!python/object/apply:os.system ["id"]',
    'x:\n  - |\n    text\n  - !!python/object/apply:os.system ["id"]',
    'x: "a\n  b # c"\ny: !!python/object/apply:os.system ["id"]',
    '_target_: os.system\n_args_: [id]',
    'a:\n  b:\n    _target_: subprocess.Popen\n    args: [id]',
    '"_target_": "os.system"',
    "'_target_' : 'os.system'",
    '"\\x5ftarget_": "os.system"',
    '"_target_": "os.\\\n  system"',
    '{_target_: os.system}',
    '{"_target_":"os.system"}',
    '_target_:\n  os.system',
    '? _target_\n: os.system',
    '_target_: |-\n  os.system',
    '_target_: >\n  os.system\n',
    '_target_: !!str os.system',
    'a: &t os.system\nb:\n  _target_: *t',
    'k: &k _target_\nb:\n  *k : os.system',
    '_target_: builtins.eval\n_args_: ["1"]',
    '_target_: nemo.utils.os.system',
    '_target_: torch.load\nf: x',
    '_target_: hydra.utils.get_method',
    'model:\n  target: os.system\n  params:\n    command: id',
    'a: !apply:os.system ["id"]',
    'a: !new:subprocess.Popen\n  args: [id]',
    'trainer:\n  class_path: subprocess.Popen\n  init_args:\n    args: [id]',
    '- - _target_: os.system',
    'a: {b: [{_target_: os.system}]}',
    'a: 1\n...\n---\n_target_: os.system',
    '\ufeff_target_: os.system',
    'a: # c\n  _target_: os.system # d',
  ])('%s', (source) => {
    expect(yaml(source).verdict).toBe('block')
  })
})

test('unknown is high, a library that is not on the list medium', () => {
  expect(yaml('_target_: mypackage.Thing').findings).toMatchObject([{ ruleId: 'CFG-TARGET-002', severity: 'high' }])
  expect(yaml('_target_: nemo.collections.asr.modules.Unheard').findings).toMatchObject([
    { ruleId: 'CFG-TARGET-003', severity: 'medium' },
  ])
  expect(yaml('a: !ruby/object:Gem::Installer {}').ids).toContain('YAML-TAG-003')
  expect(yaml('trust_remote_code: true').ids).toEqual(['REPO-TRUST-002'])
})

test('bombs, depth and broken documents', () => {
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 9; i++) laughs.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`)
  expect(yaml(laughs.join('\n')).ids).toContain('YAML-BOMB-001')
  for (const deep of [`a: ${'['.repeat(100_000)}`, '- '.repeat(50_000), '{a: '.repeat(50_000), '? '.repeat(50_000)]) {
    const started = performance.now()
    expect(yaml(deep).ids).toContain('YAML-DEPTH-001')
    expect(performance.now() - started).toBeLessThan(5_000)
  }
  expect(yaml('a: [1, 2').ids).toEqual(['YAML-SYNTAX-001', 'SCAN-UNINSPECTED-003'])
  expect(yaml('a: [1, 2\nb: !!python/object/apply:os.system [x').ids).toContain('YAML-TAG-001')
})

test.each([
  [
    'a speech model',
    `sample_rate: 16000
train_ds:
  manifest_filepath: ???
  labels: &labels [" ", a, b, "'"]
preprocessor:
  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
  window: "hann"   # the usual
  normalize: per_feature
encoder:
  _target_: nemo.collections.asr.modules.ConformerEncoder
  feat_in: \${model.preprocessor.features}
decoder: {_target_: nemo.collections.asr.modules.ConvASRDecoder, vocabulary: *labels}
optim: {name: adamw, lr: 1e-3, betas: [0.9, 0.98]}
`,
  ],
  [
    'a diffusion model',
    `model:
  base_learning_rate: 1.0e-04
  target: ldm.models.diffusion.ddpm.LatentDiffusion
  params:
    first_stage_config:
      target: ldm.models.autoencoder.AutoencoderKL
      params:
        lossconfig:
          target: torch.nn.Identity
`,
  ],
  [
    'notes in blocks',
    `description: |
  Never write _target_: os.system here.
  key: !!python/object/apply:os.system
quote: 'it''s: !!python/name:os.system'
list:
- a: b
- "c: d"
- !!python/tuple
`.replace('- !!python/tuple\n', ''),
  ],
  [
    'settings',
    '---\n# comment _target_: os.system\na: 1\nb: {c: [], d: ~, e: 2020-01-01}\nurl: http://x.example/y#z\n? k\n: v\n...\n',
  ],
])('benign passes: %s', (_what, source) => {
  const { verdict, findings } = yaml(source)
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
})

test('a description of a model that MLflow reads has no name ending', () => {
  const flavor = (loader: string): string =>
    `flavors:\n  python_function:\n    loader_module: ${loader}\n    python_version: 3.11\n`
  expect(yaml(flavor('mlflow.sklearn'), 'MLmodel').verdict).toBe('pass')
  expect(yaml(flavor('evil.loader'), 'MLmodel').ids).toEqual(['CFG-TARGET-002'])
})

test('a target is seen without the name of the file', () => {
  expect(yaml('a: 1\n_target_: os.system\n', 'notes').verdict).toBe('block')
})
