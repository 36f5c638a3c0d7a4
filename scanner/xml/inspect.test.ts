import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'

test('tells what the document is', () => {
  const net =
    '<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0" type="Parameter" version="opset1"/><layer id="1" type="Const" version="opset1"/><layer id="2" type="Const" version="opset1"/></layers></net>'
  expect(look(Buffer.from(net), 'm.xml').facts.header).toEqual({
    kind: 'xml',
    root: 'net',
    dialect: 'openvino',
    version: '11',
    elements: 5,
    layers: { Parameter: 1, Const: 2 },
  })
  const pmml = '<PMML version="4.4"><Header/><TreeModel/><NeuralNetwork/></PMML>'
  expect(look(Buffer.from(pmml), 'm.pmml').facts.header).toMatchObject({
    dialect: 'pmml',
    version: '4.4',
    models: ['TreeModel', 'NeuralNetwork'],
  })
})

test('entities are neither defined nor multiplied, in bounded time', () => {
  const levels = Array.from({ length: 30 }, (_none, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('')
  const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY e0 "x">${levels}]><PMML>&e30;</PMML>`
  const started = performance.now()
  const { findings, verdict } = look(Buffer.from(bomb), 'm.pmml')
  expect(performance.now() - started).toBeLessThan(5000)
  expect(findings[0]).toMatchObject({ ruleId: 'XML-XXE-001', severity: 'high' })
  expect(verdict).not.toBe('pass')
})

test.each(['<!DOCTYPE html>', '<!-- c -->\n<!doctype html>'])('pages in HTML are text: %s', (start) => {
  expect(look(Buffer.from(`${start}<html><p>a < b & c<br></html>`), 'x.html').verdict).toBe('pass')
})

test('a plain public document type is low, any other high', () => {
  const svg = (type: string): ReturnType<typeof look> => look(Buffer.from(`${type}<svg xmlns="x"/>`), 'x.svg')
  expect(
    svg('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'),
  ).toMatchObject({ verdict: 'pass', ids: ['XML-XXE-002'] })
  expect(svg('<!DOCTYPE svg SYSTEM "x.dtd">').findings[0]).toMatchObject({ ruleId: 'XML-XXE-001', severity: 'high' })
})

test('credentials in a document are found', () => {
  expect(look(Buffer.from('<a key="AKIAIOSFODNN7EXAMPLE"/>'), 'x.xml').ids.some((id) => id.startsWith('SECRET'))).toBe(
    true,
  )
})

test('a document in latin-1', () => {
  const bytes = Buffer.from(
    '<?xml version="1.0" encoding="ISO-8859-1"?><PMML version="4.1"><Header d="\xe9"/></PMML>',
    'latin1',
  )
  expect(look(bytes, 'm.pmml')).toMatchObject({ verdict: 'pass', facts: { format: 'xml' } })
})
