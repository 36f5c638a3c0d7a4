/** How an issuer's credentials look. */
export type SecretShape = {
  name: string
  /** Letters that every one of them has; what the text is searched for. */
  anchor: string
  /** The credential from `before` characters ahead of the anchor on. Sticky, and bounded wherever it repeats. */
  pattern: RegExp
  before?: number
  /** True for a key that proves who its owner is rather than a token. */
  privateKey?: boolean
}

/**
 * A shape that begins with its anchor. `rest` is the source of what follows. Where that has a fixed length no letter may follow; where
 * it has a long range nothing is asked of what follows, since going back letter by letter is what hostile text makes slow.
 */
const shape = (name: string, anchor: string, rest: string): SecretShape => ({
  name,
  anchor,
  pattern: new RegExp(
    anchor.replace(/[.+]/g, '\\$&') + rest + (/\{\d+(?:,[1-6]?\d)?\}$/.test(rest) ? '(?![A-Za-z0-9_])' : ''),
    'y',
  ),
})

const privateKey = (anchor: string, rest: string): SecretShape => ({
  name: 'private key',
  anchor,
  pattern: new RegExp(anchor + rest, 'y'),
  privateKey: true,
})

/** Shapes that issuers document as theirs, or that their scanners' partners publish, and that do not occur by chance. */
export const secretShapes: readonly SecretShape[] = [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((anchor) => shape('AWS access key id', anchor, '[0-9A-Z]{16}')),
  shape('AWS secret access key', 'aws_secret', '(?:_access)?_key["\' ]{0,3}[:=]["\' ]{0,3}[A-Za-z0-9/+]{40}'),
  shape('AWS secret access key', 'AWS_SECRET', '(?:_ACCESS)?_KEY["\' ]{0,3}[:=]["\' ]{0,3}[A-Za-z0-9/+]{40}'),
  shape('Google API key', 'AIza', '[0-9A-Za-z_-]{35}'),
  shape('Google OAuth token', 'ya29.', '[0-9A-Za-z_-]{30,300}'),
  shape('Google OAuth client secret', 'GOCSPX-', '[0-9A-Za-z_-]{28}'),
  { name: 'Azure storage key', anchor: 'AccountKey=', pattern: /AccountKey=[A-Za-z0-9+/]{86}==/y },
  { name: 'Azure client secret', anchor: '8Q~', pattern: /[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}/y, before: 3 },
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((anchor) => shape('GitHub token', anchor, '[A-Za-z0-9]{36,255}')),
  shape('GitHub token', 'github_pat_', '[A-Za-z0-9_]{60,255}'),
  ...['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-'].map((anchor) =>
    shape('GitLab token', anchor, '[A-Za-z0-9_.-]{20,120}'),
  ),
  shape('Slack token', 'xox', '[abeoprs]-[A-Za-z0-9-]{10,250}'),
  shape('Slack token', 'xapp-', '[0-9]-[A-Za-z0-9-]{20,250}'),
  shape('Slack webhook', 'hooks.slack.com/services/', 'T[A-Za-z0-9]{6,14}/B[A-Za-z0-9]{6,14}/[A-Za-z0-9]{20,30}'),
  shape('Discord webhook', 'discord.com/api/webhooks/', '[0-9]{17,20}/[A-Za-z0-9_-]{60,80}'),
  shape('Discord webhook', 'discordapp.com/api/webhooks/', '[0-9]{17,20}/[A-Za-z0-9_-]{60,80}'),
  { name: 'Telegram bot token', anchor: ':AA', pattern: /[0-9]{8}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y, before: 8 },
  shape('Anthropic key', 'sk-', 'ant-[a-z]{3,8}[0-9]{2}-[A-Za-z0-9_-]{20,200}'),
  shape('OpenRouter key', 'sk-', 'or-v1-[0-9a-f]{64}'),
  shape('OpenAI key', 'sk-', '(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,250}'),
  shape('OpenAI or compatible key', 'sk-', '(?=[A-Za-z]{0,64}[0-9])[A-Za-z0-9]{20,64}'),
  shape('Hugging Face token', 'hf_', '(?=[a-z0-9]{0,40}[A-Z])[A-Za-z0-9]{30,40}'),
  shape('Hugging Face token', 'api_org_', '[A-Za-z0-9]{34}'),
  shape('Groq key', 'gsk_', '[A-Za-z0-9]{40,60}'),
  shape('Replicate token', 'r8_', '[A-Za-z0-9]{37}'),
  shape('Perplexity key', 'pplx-', '[A-Za-z0-9]{40,60}'),
  shape('xAI key', 'xai-', '[A-Za-z0-9]{70,90}'),
  shape('NVIDIA key', 'nvapi-', '[A-Za-z0-9_-]{60,70}'),
  shape('Pinecone key', 'pcsk_', '[A-Za-z0-9_]{50,90}'),
  shape('LangSmith key', 'lsv2_', '(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'),
  shape('Databricks token', 'dapi', '[0-9a-f]{32}(?:-[0-9])?'),
  shape('Weights & Biases key', 'wandb_v1_', '[A-Za-z0-9_]{40,120}'),
  shape('Stripe key', 'sk_live_', '[A-Za-z0-9]{20,100}'),
  shape('Stripe key', 'rk_live_', '[A-Za-z0-9]{20,100}'),
  shape('SendGrid key', 'SG.', '[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}'),
  shape('npm token', 'npm_', '[A-Za-z0-9]{36}'),
  shape('PyPI token', 'pypi-', 'AgE[A-Za-z0-9_-]{50,250}'),
  shape('Docker token', 'dckr_', '(?:pat|oat)_[A-Za-z0-9_-]{27,40}'),
  shape('DigitalOcean token', 'dop_v1_', '[0-9a-f]{64}'),
  shape('HashiCorp Vault token', 'hvs.', '[A-Za-z0-9_-]{80,200}'),
  { name: 'JSON Web Token', anchor: 'eyJ', pattern: /eyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{10,200}/y },
  // Code that looks for the line has a quote and a parenthesis behind it, a key does not.
  privateKey('-----BEGIN ', '(?:[A-Z0-9]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?!["\'`]\\))'),
  privateKey('PuTTY-User-Key-File-', '[0-9]: [a-z0-9-]{5,30}'),
]
