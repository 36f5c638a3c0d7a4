import { atRoot, type Fact, type Marker, type Trait } from '../description/marker.ts'
import { asCount, asObject, asText, firstOf, type JsonObject } from '../description/values.ts'

/** Vision and audio encoders inside a config.json: what the model sees and hears beside text. */
export const encoders: Marker = {
  kind: 'encoders',
  title: 'Vision and audio encoders',
  reads: atRoot('config.json'),
  atMost: 1,
  look: async ([file], folder) => {
    const config = file === undefined ? null : await folder.json(file)
    if (file === undefined || config === null) return {}
    const inside = asObject(config['thinker_config']) ?? config
    const vision = firstOf(inside, ['vision_config', 'visual', 'vision_tower_config', 'img_processor'], asObject)
    const audio = firstOf(
      inside,
      ['audio_config', 'audio_encoder_config', 'speech_config', 'audio_processor'],
      asObject,
    )
    // A Whisper-like config is an audio encoder itself.
    const bins = asCount(config['num_mel_bins'], 4_096)
    const facts: Fact[] = []
    const traits: Trait[] = []
    if (vision !== undefined) {
      traits.push('image-input')
      if (asCount(inside['video_token_id'], 2 ** 31, 0) !== undefined) traits.push('video-input')
      facts.push(
        { key: 'visionEncoder', value: asText(vision['model_type']) ?? 'stated', source: file.path },
        ...sizesOf('vision', vision, file.path),
        { key: 'visionImageSize', value: asCount(vision['image_size'], 65_536), source: file.path },
        { key: 'visionPatchSize', value: asCount(vision['patch_size'], 65_536), source: file.path },
      )
    }
    if (audio !== undefined || bins !== undefined) {
      traits.push('audio-input')
      facts.push(
        {
          key: 'audioEncoder',
          value:
            audio === undefined
              ? (asText(config['model_type']) ?? 'stated')
              : (asText(audio['model_type']) ?? 'stated'),
          source: file.path,
        },
        ...(audio === undefined ? [] : sizesOf('audio', audio, file.path)),
        { key: 'audioMelBins', value: bins ?? asCount(audio?.['num_mel_bins'], 4_096), source: file.path },
      )
    }
    return { facts, traits }
  },
}

function sizesOf(prefix: 'vision' | 'audio', encoder: JsonObject, source: string): Fact[] {
  const size = (keys: readonly string[]) => firstOf(encoder, keys, (value) => asCount(value, 2 ** 24))
  return [
    { key: `${prefix}Layers`, value: size(['num_hidden_layers', 'depth', 'encoder_layers']), source },
    { key: `${prefix}EmbeddingLength`, value: size(['hidden_size', 'embed_dim', 'd_model']), source },
  ]
}
