/** A plain model as Keras 3 writes its config.json. */
export const plainKeras = {
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'sequential',
    trainable: true,
    dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null },
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { batch_shape: [null, 8], name: 'in' },
        registered_name: null,
      },
      {
        module: 'keras.layers',
        class_name: 'Dense',
        config: {
          name: 'dense',
          units: 4,
          activation: 'relu',
          kernel_initializer: {
            module: 'keras.initializers',
            class_name: 'GlorotUniform',
            config: { seed: null },
            registered_name: null,
          },
          bias_initializer: { module: 'keras.initializers', class_name: 'Zeros', config: {}, registered_name: null },
        },
        registered_name: null,
        build_config: { input_shape: [null, 8] },
      },
    ],
  },
  registered_name: 'Sequential',
  build_config: { input_shape: [null, 8] },
  compile_config: {
    optimizer: {
      module: 'keras.optimizers',
      class_name: 'Adam',
      config: { learning_rate: 0.001 },
      registered_name: null,
    },
    loss: 'mse',
    metrics: ['mae'],
  },
}

/** A functional model as Keras 2 writes it. */
export const plainLegacyKeras = {
  class_name: 'Functional',
  config: {
    name: 'model',
    layers: [
      {
        class_name: 'InputLayer',
        config: { batch_input_shape: [null, 32], dtype: 'int32', name: 'tokens' },
        inbound_nodes: [],
      },
      { class_name: 'Embedding', config: { input_dim: 100, output_dim: 8 }, inbound_nodes: [[['tokens', 0, 0, {}]]] },
      {
        class_name: 'LSTM',
        config: { units: 16, activation: 'tanh', recurrent_activation: 'sigmoid' },
        inbound_nodes: [],
      },
      { class_name: 'Conv2D', config: { filters: 4, kernel_size: [3, 3] }, inbound_nodes: [] },
    ],
  },
  keras_version: '2.15.0',
  backend: 'tensorflow',
}

/** A Lambda layer with byte code, in a model as Keras 2 writes it. */
export const lambdaKeras = {
  class_name: 'Sequential',
  config: {
    layers: [
      {
        class_name: 'Lambda',
        config: {
          function: ['4wEAAAAAAAAAAAAAAAEAAAAEAAAAQwAAAHMSAAAA\n', null, null],
          function_type: 'lambda',
          module: '__main__',
        },
      },
    ],
  },
}

/** A model with one layer in its configuration. */
export const kerasWith = (layer: unknown): unknown => ({
  module: 'keras',
  class_name: 'Functional',
  config: { layers: [layer] },
  registered_name: null,
})
