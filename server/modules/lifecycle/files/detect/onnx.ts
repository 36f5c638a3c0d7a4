import { baseName, type Fact, type Marker } from '../description/marker.ts'
import { readOnnxHead } from '../description/onnx-head.ts'

/** ONNX graphs: operator set, and the names and dimensions of what goes in and out. */
export const onnx: Marker = {
  kind: 'onnx',
  title: 'ONNX graph',
  reads: (file) => file.format === 'onnx' || (file.format === null && file.path.endsWith('.onnx')),
  atMost: 50,
  look: async (files, folder) => {
    const file = files.find(({ path }) => baseName(path) === 'model.onnx') ?? files[0]
    if (file === undefined) return {}
    const source = file.path
    const head = await readOnnxHead((offset, length) => folder.read(file, offset, length), file.size)
    const alone = !folder.files.some((other) => other.format === 'safetensors' || other.format === 'gguf')
    const facts: Fact[] = [
      { key: 'format', value: alone ? 'onnx' : undefined, source },
      { key: 'opset', value: head?.opset, source },
      { key: 'producer', value: head?.producer, source },
      { key: 'inputs', value: listed(head?.inputs), source },
      { key: 'outputs', value: listed(head?.outputs), source },
    ]
    return { facts, doubts: head === null ? [`${source} could not be read as an ONNX graph in bounded steps.`] : [] }
  },
}

const listed = (items: readonly string[] | undefined) =>
  items === undefined || items.length === 0 ? undefined : [...items]
