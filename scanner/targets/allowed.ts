/**
 * Classes that configs of common training set-ups construct: layers, losses, optimizers, schedules, data preparation. Exact names only;
 * a constructor on this list must be harmless for any arguments a config can hold.
 * Recipe: the classes documented on the index pages of torch.nn, torch.optim, torchmetrics, lightning and NeMo, and those of the reference
 * configs of latent diffusion; none that reads a pickle, opens a path to write or takes code as text. Version 1.
 */
const byModule: Readonly<Record<string, string>> = {
  'torch.nn': `Identity Linear Bilinear LazyLinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d
    Unfold Fold MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d AvgPool1d AvgPool2d AvgPool3d AdaptiveAvgPool1d AdaptiveAvgPool2d
    AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d ZeroPad2d
    ConstantPad1d ConstantPad2d ELU Hardshrink Hardsigmoid Hardtanh Hardswish LeakyReLU LogSigmoid MultiheadAttention PReLU ReLU ReLU6
    RReLU SELU CELU GELU Sigmoid SiLU Mish Softplus Softshrink Softsign Tanh Tanhshrink Threshold GLU Softmin Softmax Softmax2d LogSoftmax
    BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm GroupNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d LayerNorm LocalResponseNorm
    RMSNorm RNN LSTM GRU RNNCell LSTMCell GRUCell Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer
    TransformerDecoderLayer Dropout Dropout1d Dropout2d Dropout3d AlphaDropout Embedding EmbeddingBag CosineSimilarity PairwiseDistance
    L1Loss MSELoss CrossEntropyLoss CTCLoss NLLLoss PoissonNLLLoss GaussianNLLLoss KLDivLoss BCELoss BCEWithLogitsLoss MarginRankingLoss
    HingeEmbeddingLoss MultiLabelMarginLoss HuberLoss SmoothL1Loss SoftMarginLoss CosineEmbeddingLoss MultiMarginLoss TripletMarginLoss
    PixelShuffle PixelUnshuffle Upsample UpsamplingNearest2d UpsamplingBilinear2d ChannelShuffle Sequential ModuleList ModuleDict
    ParameterList Parameter Flatten Unflatten DataParallel`,
  'torch.optim': `Adadelta Adagrad Adam AdamW SparseAdam Adamax ASGD LBFGS NAdam RAdam RMSprop Rprop SGD Adafactor`,
  'torch.optim.lr_scheduler': `LambdaLR MultiplicativeLR StepLR MultiStepLR ConstantLR LinearLR ExponentialLR PolynomialLR CosineAnnealingLR
    ChainedScheduler SequentialLR ReduceLROnPlateau CyclicLR OneCycleLR CosineAnnealingWarmRestarts`,
  'torch.utils.data': `DataLoader Dataset TensorDataset ConcatDataset Subset RandomSampler SequentialSampler BatchSampler
    WeightedRandomSampler`,
  torch: `float32 float16 bfloat16 float64 int8 int32 int64 bool device dtype Size Tensor tensor zeros ones Generator`,
  'torchvision.transforms': `Compose Resize CenterCrop RandomCrop RandomResizedCrop RandomHorizontalFlip RandomVerticalFlip RandomRotation
    ColorJitter Normalize ToTensor ToPILImage Grayscale Pad RandomErasing GaussianBlur InterpolationMode`,
  torchmetrics: `Accuracy F1Score Precision Recall AUROC MeanMetric MaxMetric MeanSquaredError MeanAbsoluteError ConfusionMatrix
    MetricCollection AveragePrecision`,
  'torchaudio.transforms': `MelSpectrogram Spectrogram MFCC Resample AmplitudeToDB FrequencyMasking TimeMasking`,
  'lightning.pytorch': `Trainer`,
  pytorch_lightning: `Trainer`,
  'lightning.pytorch.callbacks': `ModelCheckpoint EarlyStopping LearningRateMonitor RichModelSummary RichProgressBar TQDMProgressBar
    ModelSummary DeviceStatsMonitor GradientAccumulationScheduler StochasticWeightAveraging Timer`,
  'pytorch_lightning.callbacks': `ModelCheckpoint EarlyStopping LearningRateMonitor RichModelSummary RichProgressBar TQDMProgressBar
    ModelSummary DeviceStatsMonitor GradientAccumulationScheduler StochasticWeightAveraging Timer`,
  'lightning.pytorch.loggers': `TensorBoardLogger CSVLogger WandbLogger MLFlowLogger`,
  'pytorch_lightning.loggers': `TensorBoardLogger CSVLogger WandbLogger MLFlowLogger`,
  'lightning.pytorch.strategies': `DDPStrategy FSDPStrategy SingleDeviceStrategy`,
  'pytorch_lightning.strategies': `DDPStrategy FSDPStrategy SingleDeviceStrategy`,
  'nemo.collections.asr.modules': `AudioToMelSpectrogramPreprocessor AudioToMFCCPreprocessor SpectrogramAugmentation CropOrPadSpectrogramAugmentation
    MaskedPatchAugmentation ConvASREncoder ConvASRDecoder ConvASRDecoderClassification ConformerEncoder ConformerEncoderAdapter
    SqueezeformerEncoder RNNEncoder RNNTDecoder RNNTJoint RNNTDecoderJointSSL StatelessTransducerDecoder SampledRNNTJoint HATJoint
    SpeakerDecoder ECAPAEncoder LSTMDecoder ParallelConvASREncoder ConvASRDecoderReconstruction MSDD_module SortformerModules
    LinearPromptKernel ConvSubsampling`,
  'nemo.collections.asr.modules.audio_preprocessing': `AudioToMelSpectrogramPreprocessor AudioToMFCCPreprocessor SpectrogramAugmentation`,
  'nemo.collections.asr.losses': `CTCLoss RNNTLoss AngularSoftmaxLoss ContrastiveLoss MLMLoss`,
  'nemo.collections.asr.losses.angularloss': `AngularSoftmaxLoss`,
  'nemo.collections.common.losses': `CrossEntropyLoss NLLLoss SmoothedCrossEntropyLoss AggregatorLoss SpanningLoss MSELoss BCELoss`,
  'nemo.collections.asr.models': `EncDecCTCModel EncDecCTCModelBPE EncDecRNNTModel EncDecRNNTBPEModel EncDecHybridRNNTCTCModel
    EncDecHybridRNNTCTCBPEModel EncDecClassificationModel EncDecSpeakerLabelModel EncDecMultiTaskModel EncDecDiarLabelModel
    ClusteringDiarizer SortformerEncLabelModel SpeechEncDecSelfSupervisedModel EncDecDenoiseMaskedTokenPredModel`,
  'nemo.collections.asr.models.ctc_models': `EncDecCTCModel`,
  'nemo.collections.asr.models.ctc_bpe_models': `EncDecCTCModelBPE`,
  'nemo.collections.asr.models.rnnt_models': `EncDecRNNTModel`,
  'nemo.collections.asr.models.rnnt_bpe_models': `EncDecRNNTBPEModel`,
  'nemo.collections.asr.models.hybrid_rnnt_ctc_bpe_models': `EncDecHybridRNNTCTCBPEModel`,
  'nemo.collections.asr.models.hybrid_rnnt_ctc_models': `EncDecHybridRNNTCTCModel`,
  'nemo.collections.asr.models.aed_multitask_models': `EncDecMultiTaskModel`,
  'nemo.collections.asr.models.label_models': `EncDecSpeakerLabelModel`,
  'nemo.collections.asr.models.classification_models': `EncDecClassificationModel EncDecRegressionModel EncDecFrameClassificationModel`,
  'nemo.collections.asr.parts.submodules.adapters.multi_head_attention_adapter_module': `MultiHeadAttentionAdapter`,
  'nemo.collections.common.parts.adapter_modules': `LinearAdapter`,
  'nemo.collections.common.tokenizers.sentencepiece_tokenizer': `SentencePieceTokenizer`,
  'nemo.collections.common.tokenizers.canary_tokenizer': `CanaryTokenizer`,
  'nemo.collections.tts.models': `FastPitchModel HifiGanModel Tacotron2Model WaveGlowModel MixerTTSModel AlignerModel UnivNetModel
    RadTTSModel VitsModel AudioCodecModel SpectrogramEnhancerModel`,
  'nemo.collections.tts.models.fastpitch': `FastPitchModel`,
  'nemo.collections.tts.models.hifigan': `HifiGanModel`,
  'nemo.collections.tts.modules.transformer': `FFTransformerEncoder FFTransformerDecoder`,
  'nemo.collections.tts.modules.fastpitch': `TemporalPredictor FastPitchModule`,
  'nemo.collections.tts.modules.aligner': `AlignmentEncoder`,
  'nemo.collections.tts.modules.submodules': `ConditionalInput`,
  'nemo.collections.tts.modules.hifigan_modules': `Generator MultiPeriodDiscriminator MultiScaleDiscriminator`,
  'nemo.collections.tts.g2p.models.en_us_arpabet': `EnglishG2p`,
  'nemo.collections.tts.g2p.models.i18n_ipa': `IpaG2p`,
  'nemo.collections.tts.torch.g2ps': `EnglishG2p`,
  'nemo.collections.tts.torch.tts_tokenizers': `EnglishPhonemesTokenizer EnglishCharsTokenizer GermanCharsTokenizer GermanPhonemesTokenizer`,
  'nemo.collections.common.tokenizers.text_to_speech.tts_tokenizers': `EnglishPhonemesTokenizer EnglishCharsTokenizer IPATokenizer
    GermanCharsTokenizer SpanishCharsTokenizer MandarinCharsTokenizer`,
  'nemo.collections.tts.data.dataset': `TTSDataset VocoderDataset MixerTTSXDataset`,
  'nemo.collections.tts.torch.data': `TTSDataset VocoderDataset MixerTTSXDataset`,
  'nemo.core.optim.lr_scheduler': `NoamAnnealing CosineAnnealing WarmupAnnealing PolynomialDecayAnnealing`,
  'nemo_text_processing.text_normalization.normalize': `Normalizer`,
  'nemo.collections.nlp.modules.common.megatron.gpt_model': `GPTModel`,
  'nemo.collections.nlp.models.language_modeling.megatron_gpt_model': `MegatronGPTModel`,
  'nemo.collections.audio.modules.transforms': `AudioToSpectrogram SpectrogramToAudio`,
  'ldm.models.diffusion.ddpm': `LatentDiffusion LatentInpaintDiffusion LatentDepth2ImageDiffusion LatentUpscaleDiffusion DDPM`,
  'ldm.models.autoencoder': `AutoencoderKL VQModelInterface VQModel IdentityFirstStage`,
  'ldm.modules.diffusionmodules.openaimodel': `UNetModel`,
  'ldm.modules.encoders.modules': `FrozenCLIPEmbedder FrozenOpenCLIPEmbedder BERTEmbedder ClassEmbedder FrozenT5Embedder SpatialRescaler`,
  'ldm.lr_scheduler': `LambdaLinearScheduler LambdaWarmUpCosineScheduler`,
  'ldm.modules.midas.api': `MiDaSInference`,
  'sgm.models.diffusion': `DiffusionEngine`,
  'sgm.models.autoencoder': `AutoencoderKL AutoencoderKLInferenceWrapper IdentityFirstStage AutoencodingEngine`,
  'sgm.modules.diffusionmodules.openaimodel': `UNetModel`,
  'sgm.modules.diffusionmodules.denoiser': `DiscreteDenoiser Denoiser`,
  'sgm.modules.diffusionmodules.denoiser_scaling': `EpsScaling VScaling EDMScaling`,
  'sgm.modules.diffusionmodules.denoiser_weighting': `EpsWeighting UnitWeighting EDMWeighting`,
  'sgm.modules.diffusionmodules.discretizer': `LegacyDDPMDiscretization EDMDiscretization`,
  'sgm.modules.diffusionmodules.sampling': `EulerEDMSampler`,
  'sgm.modules.diffusionmodules.guiders': `VanillaCFG IdentityGuider`,
  'sgm.modules': `GeneralConditioner`,
  'sgm.modules.encoders.modules': `FrozenCLIPEmbedder FrozenOpenCLIPEmbedder2 ConcatTimestepEmbedderND FrozenOpenCLIPEmbedder`,
  'cldm.cldm': `ControlLDM ControlledUnetModel ControlNet`,
  omegaconf: `DictConfig ListConfig`,
  collections: `OrderedDict`,
  builtins: `dict list tuple set frozenset int float bool str bytes complex`,
  'sklearn.linear_model': `LogisticRegression LinearRegression Ridge Lasso ElasticNet SGDClassifier SGDRegressor Perceptron`,
  'sklearn.ensemble': `RandomForestClassifier RandomForestRegressor GradientBoostingClassifier GradientBoostingRegressor`,
  'sklearn.preprocessing': `StandardScaler MinMaxScaler LabelEncoder OneHotEncoder Normalizer`,
  'speechbrain.lobes.models.ECAPA_TDNN': `ECAPA_TDNN Classifier`,
  'speechbrain.lobes.features': `Fbank MFCC`,
  'speechbrain.processing.features': `InputNormalization STFT Filterbank`,
  'speechbrain.utils.parameter_transfer': `Pretrainer`,
  'speechbrain.dataio.encoder': `CategoricalEncoder CTCTextEncoder`,
  'speechbrain.nnet.linear': `Linear`,
  'speechbrain.nnet.containers': `ModuleList LengthsCapableSequential`,
  'speechbrain.nnet.losses': `ctc_loss nll_loss kldiv_loss`,
  'speechbrain.nnet.normalization': `BatchNorm1d LayerNorm`,
  'speechbrain.nnet.activations': `Softmax Swish`,
  'speechbrain.nnet.RNN': `AttentionalRNNDecoder LSTM GRU`,
  'speechbrain.nnet.embedding': `Embedding`,
  'speechbrain.lobes.models.CRDNN': `CRDNN`,
  'speechbrain.lobes.models.huggingface_wav2vec': `HuggingFaceWav2Vec2`,
  'speechbrain.lobes.models.huggingface_transformers.wav2vec2': `Wav2Vec2`,
  'speechbrain.decoders': `S2SRNNBeamSearcher S2STransformerBeamSearcher S2SBeamSearcher CTCScorer ScorerBuilder`,
}

const allowed: ReadonlySet<string> = new Set(
  Object.entries(byModule).flatMap(([module, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => `${module}.${name}`),
  ),
)

/** True when a config may construct this by name and no more needs to be said. */
export function isAllowed(name: string): boolean {
  if (allowed.has(name)) return true
  // Where the class stands in the library's source: torch.nn.modules.linear.Linear.
  const own = /^torch\.nn\.modules\.[a-z]\w*\.(\w+)$/.exec(name)?.[1]
  return own !== undefined && allowed.has(`torch.nn.${own}`)
}
