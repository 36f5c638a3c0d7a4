export type PullTool = 'python' | 'javascript' | 'llama'

/** The name of a model at the Hugging Face door: one of two parts as it is, one of one part below `models/`. */
export const repoOf = (modelName: string): string => (modelName.includes('/') ? modelName : `models/${modelName}`)

/** How an unchanged Hugging Face client pulls a version through this hub. `revision` is `main` or a number of a version. */
export function pullSnippet(
  tool: PullTool,
  { hubUrl, repo, revision, file }: { hubUrl: string; repo: string; revision: string; file: string | undefined },
): string {
  const door = `${hubUrl.replace(/\/+$/, '')}/hf`
  if (tool === 'python') {
    return [
      '# pip install huggingface_hub',
      'import os',
      '',
      `os.environ["HF_ENDPOINT"] = ${JSON.stringify(door)}  # before the import`,
      'from huggingface_hub import snapshot_download',
      '',
      'folder = snapshot_download(',
      `    ${JSON.stringify(repo)},`,
      `    revision=${JSON.stringify(revision)},`,
      '    token=os.environ["MODELHUB_TOKEN"],',
      ')',
      'print(folder)',
    ].join('\n')
  }
  if (tool === 'javascript') {
    return [
      '// npm install @huggingface/hub',
      "import { snapshotDownload } from '@huggingface/hub'",
      '',
      'const folder = await snapshotDownload({',
      `  hubUrl: '${door}',`,
      `  repo: { type: 'model', name: '${repo}' },`,
      `  revision: '${revision}',`,
      '  accessToken: process.env.MODELHUB_TOKEN,',
      '})',
      'console.log(folder)',
    ].join('\n')
  }
  return [
    `MODEL_ENDPOINT=${door}/ HF_TOKEN=$MODELHUB_TOKEN \\`,
    `  llama-server --hf-repo ${repo}${file === undefined ? '' : ` \\\n  --hf-file ${file}`}`,
  ].join('\n')
}
