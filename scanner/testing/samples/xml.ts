import { Buffer } from 'node:buffer'
import type { FormatSamples, Sample } from './types.ts'

const sample = (name: string, path: string, text: string, ...rules: string[]): Sample => ({
  name,
  path,
  bytes: Buffer.from(text),
  rules,
})
const net = (layers: string): string =>
  `<?xml version="1.0"?><net name="m" version="11"><layers>${layers}</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges></net>`
const pmml = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>${body}</PMML>`
const entity = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

export const xmlSamples: FormatSamples = {
  kind: 'xml',
  malicious: [
    sample(
      'an external entity',
      'm.pmml',
      `<?xml version="1.0"?>${entity}<PMML version="4.4"><Header>&x;</Header></PMML>`,
      'XML-XXE-001',
    ),
    sample(
      'a document type elsewhere',
      'm.pmml',
      '<?xml version="1.0"?><!DOCTYPE PMML SYSTEM "http://host.invalid/x.dtd"><PMML version="4.4"/>',
      'XML-XXE-001',
    ),
    sample(
      'an included document',
      'm.xml',
      '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></a>',
      'XML-INCLUDE-001',
    ),
    sample(
      'a library to load',
      'm.xml',
      net('<layer id="0" name="x" type="X" version="extension" library="../evil.so"/>'),
      'OV-EXT-001',
    ),
    sample(
      'a library by its ending',
      'm.xml',
      net('<layer id="0" name="x" type="X" version="opset1"><data impl="/tmp/a.dll"/></layer>'),
      'OV-EXT-001',
    ),
    sample(
      'an operator of an extension',
      'm.xml',
      net('<layer id="0" name="x" type="Mine" version="custom_opset"/>'),
      'OV-OP-001',
    ),
    sample(
      'a layer that says what it does',
      'm.xml',
      net('<layer id="0" name="x" type="PythonOp" version="opset1"/>'),
      'OV-OP-002',
    ),
    sample(
      'code in an extension',
      'm.pmml',
      pmml('<Extension name="script">import os; os.system("id")</Extension>'),
      'PMML-EXT-001',
    ),
    sample(
      'code in a value',
      'm.pmml',
      pmml('<Extension name="x" value="Runtime.getRuntime().exec(1)"/>'),
      'XML-CODE-001',
    ),
    sample(
      'a function of a class',
      'm.pmml',
      pmml(
        '<TransformationDictionary><DefineFunction name="f"><Apply function="com.evil.Run"/></DefineFunction></TransformationDictionary>',
      ),
      'PMML-FUNC-001',
    ),
    sample(
      'a script in a drawing',
      'm.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
      'XML-ACTIVE-001',
    ),
    sample(
      'a script in a page',
      'm.html',
      '<!DOCTYPE html><html><body><p>x<script>1</script></body></html>',
      'XML-ACTIVE-001',
    ),
    sample('depth without reason', 'm.xml', `<?xml version="1.0"?>${'<a>'.repeat(2000)}`, 'XML-DEPTH-001'),
  ],
  benign: [
    sample(
      'a model of OpenVINO',
      'm.xml',
      net(
        '<layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,3" element_type="f32"/></layer><layer id="1" name="c" type="Const" version="opset16"><data offset="0" size="64" shape="16" element_type="f32"/></layer>',
      ),
    ),
    sample(
      'a model in PMML',
      'm.pmml',
      pmml(
        '<DataDictionary numberOfFields="1"><DataField name="x" optype="continuous" dataType="double"/></DataDictionary><RegressionModel functionName="regression"><Extension name="tool" value="some exporter 1.2"/><RegressionTable intercept="1.5"/></RegressionModel>',
      ),
    ),
    sample('a drawing', 'm.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'),
    sample('a page', 'm.html', '<!doctype html><html><body><br>text & more</body></html>'),
    sample('text that begins with a tag', 'README.md', '<div align="center">\n\n# Title\n\n<br> text & more\n'),
    sample('a comment first', 'm.xml', '<!-- c --><net name="m" version="10"><layers/></net>'),
  ],
  truncated: sample('cut', 'm.xml', net('<layer id="0" name="x" type="Parameter" version="opset1"/>').slice(0, 90)),
  mutations: [
    {
      name: 'in another encoding',
      path: 'm.pmml',
      bytes: utf16(`<?xml version="1.0"?>${entity}<PMML version="4.4"/>`),
      rules: ['XML-XXE-001'],
    },
    sample(
      'without a declaration, behind a comment',
      'm.xml',
      `<!-- c -->${entity}<PMML version="4.4"/>`,
      'XML-XXE-001',
    ),
    sample(
      'an encoding nobody knows',
      'm.pmml',
      '<?xml version="1.0" encoding="utf-7"?><PMML version="4.4"/>',
      'XML-ENCODING-001',
    ),
    sample(
      'another name',
      'notes.txt',
      net('<layer id="0" name="x" type="X" version="opset1" library="evil.so"/>'),
      'OV-EXT-001',
    ),
    sample('a document for PHP', 'm.xml', '<?xml version="1.0"?><?php system("id"); ?><a/>', 'XML-PI-001'),
  ],
}
