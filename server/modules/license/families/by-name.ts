import type { License, LicenseClass, LicenseFamily } from '../license-family.ts'

function named(id: string, licenseClass: LicenseClass, title: string, tags: string[], headings: string[]): License {
  return {
    id: `LicenseRef-${id}`,
    title,
    class: licenseClass,
    tags,
    headings,
    clauses: {},
    rules: null,
    unread:
      'Known by name only: its text has not been read here, so nothing is said about what it allows. Attach the file and have it read.',
  }
}

/**
 * Model licenses of which no text is known here: a tag or a heading names them, the class is what their publishers announce, every
 * question is unclear.
 */
export const byName: LicenseFamily = {
  kind: 'by-name',
  title: 'Known by name',
  licenses: [
    named(
      'mistral-mnpl',
      'non_commercial',
      'Mistral AI Non-Production License',
      ['mnpl', 'mnpl-0.1', 'mistral-ai-non-production-license'],
      ['mistral ai nonproduction license'],
    ),
    named(
      'mistral-mrl',
      'non_commercial',
      'Mistral AI Research License',
      ['mrl', 'mrl-0.1', 'mistral-ai-research-license', 'mistral-research-license'],
      ['mistral ai research license', 'mistral research license'],
    ),
    named(
      'cohere-c4ai',
      'non_commercial',
      'Cohere C4AI license (CC-BY-NC with acceptable use addendum)',
      ['c4ai', 'cohere', 'c4ai-license'],
      ['c4ai acceptable use policy'],
    ),
    named(
      'falcon-2',
      'use_restricted',
      'Falcon 2 License',
      ['falcon-llm-license', 'falcon-2', 'falcon-llm-2-license'],
      ['falcon 2 11b tii license', 'tii falcon license 20', 'falcon llm license'],
    ),
    named('falcon-180b', 'use_restricted', 'Falcon 180B TII License', ['falcon-180b'], ['falcon 180b tii license']),
    named(
      'nvidia-open-model',
      'use_restricted',
      'NVIDIA Open Model License',
      ['nvidia-open-model-license'],
      ['nvidia open model license agreement', 'nvidia open model license'],
    ),
    named(
      'flux-1-dev-nc',
      'non_commercial',
      'FLUX.1 [dev] Non-Commercial License',
      ['flux-1-dev-non-commercial-license'],
      ['flux1 dev noncommercial license', 'flux1 dev non commercial license'],
    ),
    named(
      'stability-community',
      'use_restricted',
      'Stability AI Community License',
      ['stabilityai-ai-community', 'stability-ai-community', 'stabilityai-community'],
      ['stability ai community license agreement'],
    ),
    named(
      'stability-nc',
      'non_commercial',
      'Stability AI Non-Commercial Research License',
      ['sai-nc-community', 'stabilityai-nc-research-community'],
      ['stability ai noncommercial research community license agreement'],
    ),
    named(
      'kimi-modified-mit',
      'use_restricted',
      'Kimi K2 Modified MIT License',
      ['modified-mit'],
      ['modified mit license'],
    ),
    named(
      'hunyuan3d-2',
      'use_restricted',
      'Tencent Hunyuan 3D 2.0 Community License',
      ['tencent-hunyuan-community', 'tencent-hunyuan3d-2'],
      ['tencent hunyuan 3d 20 community license agreement', 'tencent hunyuan community license agreement'],
    ),
    named(
      'exaone-nc',
      'non_commercial',
      'EXAONE AI Model License 1.1 NC',
      ['exaone'],
      ['exaone ai model license agreement'],
    ),
    named(
      'hyperclova-seed',
      'use_restricted',
      'HyperCLOVA X SEED Model License',
      ['hyperclovax-seed'],
      ['hyperclova x seed model license agreement'],
    ),
    named(
      'llama-1',
      'non_commercial',
      'LLaMA (2023) research license',
      ['llama', 'llama-license'],
      ['llama license agreement'],
    ),
  ],
}
