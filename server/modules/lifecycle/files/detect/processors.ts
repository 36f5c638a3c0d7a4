import { atRoot, type Fact, type Marker, type Trait } from '../description/marker.ts'
import { asCount, asText } from '../description/values.ts'

/** Processor configurations: what is done to an image or a sound before the model takes it, which proves that it does. */
export const processors: Marker = {
  kind: 'processors',
  title: 'Image and audio processors',
  reads: atRoot(
    'preprocessor_config.json',
    'processor_config.json',
    'image_processor_config.json',
    'video_preprocessor_config.json',
  ),
  atMost: 4,
  look: async (files, folder) => {
    const facts: Fact[] = []
    const traits = new Set<Trait>()
    for (const file of files) {
      const config = await folder.json(file)
      if (config === null) continue
      const images = asText(config['image_processor_type'])
      const sounds = asText(config['feature_extractor_type'])
      const rate = asCount(config['sampling_rate'], 10_000_000)
      facts.push(
        { key: 'processor', value: asText(config['processor_class']), source: file.path },
        { key: 'sampleRate', value: rate, source: file.path },
      )
      if (images !== undefined || Array.isArray(config['image_mean'])) traits.add('image-input')
      if (rate !== undefined || (sounds !== undefined && /Audio|Speech|Whisper|Wav2Vec|Clap|Mel/i.test(sounds))) {
        traits.add('audio-input')
      }
      if (file.path.startsWith('video_')) traits.add('video-input')
    }
    return { facts, traits: [...traits] }
  },
}
