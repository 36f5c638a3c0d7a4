export type Language = 'curl' | 'python' | 'javascript'

/** The same call in three languages, with the address and the model name of this hub. */
export function snippet(language: Language, call: { gatewayUrl: string; model: string; prompt: string }): string {
  const base = `${call.gatewayUrl.replace(/\/+$/, '')}/v1`
  const model = JSON.stringify(call.model)
  const prompt = JSON.stringify(call.prompt)
  if (language === 'curl') {
    return [
      `curl ${base}/chat/completions \\`,
      '  -H "Authorization: Bearer $MODELHUB_KEY" \\',
      '  -H "Content-Type: application/json" \\',
      `  -d '${JSON.stringify({ model: call.model, messages: [{ role: 'user', content: call.prompt }] }).replaceAll("'", String.raw`'\''`)}'`,
    ].join('\n')
  }
  if (language === 'python') {
    return [
      'import os',
      'from openai import OpenAI',
      '',
      'client = OpenAI(',
      `    base_url="${base}",`,
      '    api_key=os.environ["MODELHUB_KEY"],',
      ')',
      'answer = client.chat.completions.create(',
      `    model=${model},`,
      `    messages=[{"role": "user", "content": ${prompt}}],`,
      ')',
      'print(answer.choices[0].message.content)',
    ].join('\n')
  }
  return [
    "import OpenAI from 'openai'",
    '',
    'const client = new OpenAI({',
    `  baseURL: '${base}',`,
    '  apiKey: process.env.MODELHUB_KEY,',
    '})',
    'const answer = await client.chat.completions.create({',
    `  model: ${model},`,
    `  messages: [{ role: 'user', content: ${prompt} }],`,
    '})',
    'console.log(answer.choices[0].message.content)',
  ].join('\n')
}
