import { baseName, type Marker } from '../description/marker.ts'

/** TensorFlow and Keras files: named and not read. Their graphs may hold operations that touch files or run Python. */
export const tensorflow: Marker = {
  kind: 'tensorflow',
  title: 'TensorFlow or Keras model',
  reads: (file) =>
    baseName(file.path) === 'saved_model.pb' ||
    file.format === 'tf-savedmodel' ||
    /\.(h5|keras|tflite)$/i.test(file.path),
  atMost: 50,
  look: (files, folder) => {
    const first = files[0]
    if (first === undefined) return {}
    const alone = !folder.files.some((file) => file.format === 'safetensors' || file.format === 'gguf')
    const name = /\.tflite$/i.test(first.path)
      ? 'tflite'
      : /\.(h5|keras)$/i.test(first.path)
        ? 'keras'
        : 'tf-savedmodel'
    return {
      facts: [{ key: 'format', value: alone ? name : undefined, source: first.path }],
      doubts: [`${first.path} is a TensorFlow model; its signatures were not read.`],
    }
  },
}
