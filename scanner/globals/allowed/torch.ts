import type { AllowedGroup } from '../types.ts'

const dtypes =
  'float32 float float64 double float16 half bfloat16 complex32 chalf complex64 cfloat complex128 cdouble uint8 uint16 uint32 uint64 int8 int16 short int32 int int64 long bool qint8 qint32 quint8 quint4x2 quint2x4 bits8 bits16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2'
const storages =
  'FloatStorage DoubleStorage HalfStorage BFloat16Storage ByteStorage CharStorage ShortStorage IntStorage LongStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage QInt32Storage QUInt8Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage TypedStorage'
const rebuilders =
  '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_meta_tensor_no_storage _rebuild_nested_tensor _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_xla_tensor'

/** Instances whose state is a dict that their class copies into itself. Source: torch/nn/modules of PyTorch 1.0 to 2.8. */
const modules: Readonly<Record<string, string>> = {
  'torch.nn.modules.activation':
    'CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold',
  'torch.nn.modules.adaptive': 'AdaptiveLogSoftmaxWithLoss',
  'torch.nn.modules.batchnorm': 'BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm',
  'torch.nn.modules.channelshuffle': 'ChannelShuffle',
  'torch.nn.modules.container': 'ModuleDict ModuleList ParameterDict ParameterList Sequential',
  'torch.nn.modules.conv': 'Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d',
  'torch.nn.modules.distance': 'CosineSimilarity PairwiseDistance',
  'torch.nn.modules.dropout': 'AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout',
  'torch.nn.modules.flatten': 'Flatten Unflatten',
  'torch.nn.modules.fold': 'Fold Unfold',
  'torch.nn.modules.instancenorm': 'InstanceNorm1d InstanceNorm2d InstanceNorm3d',
  'torch.nn.modules.linear': 'Bilinear Identity Linear NonDynamicallyQuantizableLinear',
  'torch.nn.modules.loss':
    'BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss',
  'torch.nn.modules.module': 'Module',
  'torch.nn.modules.normalization': 'CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm',
  'torch.nn.modules.padding':
    'CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d',
  'torch.nn.modules.pixelshuffle': 'PixelShuffle PixelUnshuffle',
  'torch.nn.modules.pooling':
    'AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d',
  'torch.nn.modules.rnn': 'GRU GRUCell LSTM LSTMCell RNN RNNCell',
  'torch.nn.modules.sparse': 'Embedding EmbeddingBag',
  'torch.nn.modules.transformer':
    'Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer',
  'torch.nn.modules.upsampling': 'Upsample UpsamplingBilinear2d UpsamplingNearest2d',
  'torch.optim.adam': 'Adam',
  'torch.optim.adamw': 'AdamW',
  'torch.optim.sgd': 'SGD',
  'torch.optim.rmsprop': 'RMSprop',
  'torch.optim.adagrad': 'Adagrad',
  'torch.optim.lr_scheduler':
    'CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LinearLR MultiStepLR OneCycleLR ReduceLROnPlateau StepLR',
  'torchvision.models.resnet': 'BasicBlock Bottleneck ResNet',
  'torchvision.models.vgg': 'VGG',
}

/** Source: torch/_weights_only_unpickler.py and torch/_utils.py of PyTorch 1.13 to 2.8, each function read. */
export const torchAllowed: readonly AllowedGroup[] = [
  {
    may: ['import'],
    names: {
      torch: `${dtypes} ${storages} strided sparse_coo sparse_csr per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric contiguous_format channels_last preserve_format`,
      'torch.storage': 'UntypedStorage TypedStorage _UntypedStorage _TypedStorage',
      'torch.cuda': storages,
    },
  },
  {
    may: ['call'],
    names: {
      torch: 'Size device',
      'torch.serialization': '_get_layout',
      'torch._utils': rebuilders,
      'torch.torch_version': 'TorchVersion',
    },
  },
  { may: ['call'], when: 'calls-first', names: { 'torch._tensor': '_rebuild_from_type_v2' } },
  {
    may: ['new'],
    names: { torch: 'Tensor', 'torch._tensor': 'Tensor', 'torch.nn.parameter': 'Buffer UninitializedParameter' },
  },
  { may: ['call', 'build'], names: { 'torch.nn.parameter': 'Parameter', 'torch.nn': 'Parameter' } },
  { may: ['call'], when: 'torch-bytes', names: { 'torch.storage': '_load_from_bytes' } },
  {
    may: ['call'],
    names: {
      'torch.jit._pickle':
        'build_boollist build_doublelist build_intlist build_tensor_from_id build_tensorlist restore_type_tag',
    },
  },
  { may: ['new', 'build'], names: modules },
  // Activation functions that layers keep; called when the model works.
  {
    may: ['import'],
    names: {
      'torch.nn.functional':
        'elu gelu hardswish leaky_relu log_softmax mish relu relu6 selu sigmoid silu softmax softplus tanh',
      'torch._C._nn': 'gelu hardswish leaky_relu log_sigmoid mish silu softplus',
      torch: 'relu sigmoid softmax tanh',
    },
  },
]
