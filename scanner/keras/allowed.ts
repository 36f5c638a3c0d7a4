const words = (text: string): string[] => text.trim().split(/\s+/)

/** Classes of Keras 2 and 3 that only compute, by exact name. Source: the public API of keras 2.15 and 3.12. */
const classes = words(`
Sequential Functional Model Layer InputLayer InputSpec Input Node KerasTensor Operation
Dense Activation Dropout Flatten Reshape Permute RepeatVector Masking Embedding EinsumDense Identity ActivityRegularization
SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianDropout GaussianNoise ReversibleEmbedding
Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D Conv1DTranspose Conv2DTranspose Conv3DTranspose DepthwiseConv1D
DepthwiseConv2D SeparableConv1D SeparableConv2D SeparableConvolution2D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D
UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D LocallyConnected1D LocallyConnected2D
MaxPooling1D MaxPooling2D MaxPooling3D MaxPool1D MaxPool2D MaxPool3D AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D
AvgPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D
RNN SimpleRNN SimpleRNNCell GRU GRUCell GRUV2 LSTM LSTMCell LSTMV2 CuDNNGRU CuDNNLSTM ConvLSTM1D ConvLSTM2D ConvLSTM3D StackedRNNCells
Bidirectional TimeDistributed Wrapper SpectralNormalization
BatchNormalization BatchNormalizationV1 BatchNormalizationV2 SyncBatchNormalization LayerNormalization GroupNormalization UnitNormalization
RMSNormalization Normalization
Add Subtract Multiply Average Maximum Minimum Concatenate Dot Merge
Attention AdditiveAttention MultiHeadAttention GroupQueryAttention GroupedQueryAttention
ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax
CategoryEncoding Discretization Hashing HashedCrossing IntegerLookup StringLookup TextVectorization FeatureSpace Feature Cross Rescaling
Resizing CenterCrop RandomCrop RandomFlip RandomTranslation RandomRotation RandomZoom RandomHeight RandomWidth RandomContrast
RandomBrightness RandomColorDegeneration RandomColorJitter RandomErasing RandomElasticTransform RandomGaussianBlur RandomGrayscale RandomHue
RandomInvert RandomPerspective RandomPosterization RandomSaturation RandomSharpness RandomShear AugMix AutoContrast CutMix Equalization
MaxNumBoundingBoxes MixUp Solarization RandAugment STFTSpectrogram MelSpectrogram Pipeline SeedGenerator RandomSeed DenseFeatures
SGD RMSprop Adam AdamW Adamax Adafactor Adagrad Adadelta Nadam Ftrl Lion Lamb Muon LossScaleOptimizer LossScaleOptimizerV3 Optimizer
TFOptimizer ScheduleFree
LearningRateSchedule ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay CosineDecayRestarts
Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling Orthogonal Identity IdentityInitializer GlorotNormal
GlorotUniform HeNormal HeUniform LecunNormal LecunUniform STFTInitializer STFT GlorotUniformV2
L1 L2 L1L2 OrthogonalRegularizer MaxNorm NonNeg UnitNorm MinMaxNorm RadialConstraint
Loss LossFunctionWrapper BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
CategoricalGeneralizedCrossEntropy CategoricalHinge CircleLoss CosineSimilarity CTC Dice Hinge Huber KLDivergence LogCosh
MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy
SquaredHinge Tversky
Metric MeanMetricWrapper Mean Sum MeanTensor Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy
TopKCategoricalAccuracy SparseTopKCategoricalAccuracy AUC Precision Recall PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity
SpecificityAtSensitivity TruePositives TrueNegatives FalsePositives FalseNegatives MeanIoU IoU BinaryIoU OneHotIoU OneHotMeanIoU F1Score
FBetaScore R2Score RootMeanSquaredError MeanRelativeError CosineProximity LogCoshError PearsonCorrelation ConcordanceCorrelation
CompileMetrics CompileLoss MetricsContainer LossesContainer
Policy PolicyV1 DTypePolicy FloatDTypePolicy QuantizedDTypePolicy QuantizedFloat8DTypePolicy DTypePolicyMap GPTQDTypePolicy AWQDTypePolicy
Int4DTypePolicy GPTQConfig Int8QuantizationConfig Int4QuantizationConfig AbsMaxQuantizer Quantizer
TensorShape CompositeTensor CrossEntropy LayerScale
__tensor__ __numpy__ __tuple__ __list__ __dict__ __ellipsis__ __keras_tensor__ __bytes__ __complex__ __boolean_dim__ __slice__ tuple list
dict set slice int float bool str bytes NoneType ellipsis complex
TFOpLambda SlicingOpLambda ClassMethod InstanceMethod InstanceProperty TensorFlowOpLayer AddLoss AddMetric
GetItem Abs Absolute AddN All Any Argmax Argmin Cast Clip Einsum Equal Exp ExpandDims Expm1 Floor Greater GreaterEqual Less LessEqual Log
Log10 Log1p Log2 Logsumexp LogicalAnd LogicalNot LogicalOr Matmul Max Min Mod Negative NotEqual OneHot Pad Power Prod Reciprocal Relu Relu6
Repeat Round Rsqrt Sigmoid Sign Silu Sin Cos Tan Tanh Sinh Cosh Slice Sort Split Sqrt Square Squeeze Stack Std Subtract Take TakeAlongAxis
Tile TopK Transpose TrueDivide Divide DivideNoNan FloorDivide Var Where ZerosLike OnesLike FullLike BroadcastTo Concatenate Gelu Elu Selu
LeakyRelu LogSoftmax LogSigmoid Softplus Softsign HardSigmoid HardSilu HardSwish Erf ArgSort Cumsum Cumprod Roll Flip Moments Norm
BinaryCrossentropyOp Maximum Minimum Outer Tensordot Vdot Inner Cross Diagonal Tril Triu Arange Linspace Nonzero SegmentSum SegmentMax
StopGradient Shape Resize AffineTransform ExtractPatches PadImages CropImages
Ones Full Arctan Arctan2 Arcsin Arccos Arcsinh Arccosh Arctanh Average Bincount CountNonzero Hstack Vstack Isnan Isinf Isfinite Isclose Median
Meshgrid Moveaxis NanToNum Quantile Ravel Select Swapaxes Trace Eye Digitize Histogram L2Normalize Normalize MaxPool AveragePool Conv
ConvTranspose DepthwiseConv SeparableConv MultiHot BatchNorm Celu Glu HardTanh HardShrink SoftShrink TanhShrink Threshold Sparsemax Squareplus
InTopK FFT FFT2 IFFT2 RFFT IRFFT ISTFT SliceUpdate ScatterUpdate Scatter RandomSeedGenerator DotProductAttention LogicalXor Logaddexp Copy
Cumulative Diag Diagflat Diff Empty EmptyLike Erfinv Fmod Hypot Kron LeftShift RightShift BitwiseAnd BitwiseOr BitwiseXor Nanmean Nansum
WeightNormalization QuantizeLayer QuantizeWrapperV2 QuantizeWrapper QuantizeAnnotate PruneLowMagnitude`)

/** Functions that Keras layers are configured with, by exact name. Source: as above: activations, losses, metrics, initializers. */
const functions = words(`
linear relu relu6 elu selu celu gelu glu sigmoid tanh tanh_shrink softmax log_softmax log_sigmoid softplus softsign exponential hard_sigmoid
hard_silu hard_swish hard_tanh hard_shrink soft_shrink leaky_relu mish silu swish sparse_plus sparsemax sparse_sigmoid squareplus threshold
binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy
categorical_generalized_cross_entropy categorical_hinge circle cosine_similarity cosine_proximity ctc dice hinge huber huber_loss
kl_divergence kullback_leibler_divergence log_cosh logcosh mean_absolute_error mean_absolute_percentage_error mean_squared_error
mean_squared_logarithmic_error poisson sparse_categorical_crossentropy squared_hinge tversky mae mse mape msle kld
accuracy binary_accuracy categorical_accuracy sparse_categorical_accuracy top_k_categorical_accuracy sparse_top_k_categorical_accuracy
zeros ones constant random_normal random_uniform truncated_normal variance_scaling orthogonal identity glorot_normal glorot_uniform he_normal
he_uniform lecun_normal lecun_uniform l1 l2 l1_l2 max_norm non_neg unit_norm min_max_norm
batch_flatten cast_to_floatx one_hot`)

/** Types of Python that stand for plain values. */
const values = words('tuple list dict set frozenset slice int float bool str bytes NoneType ellipsis complex bytearray')

/** Classes of Keras that only compute. */
export const plainClasses: ReadonlySet<string> = new Set(classes)

/** Functions of Keras that only compute. */
export const plainFunctions: ReadonlySet<string> = new Set(functions)

/** Types of Python's `builtins` that are plain values. */
export const plainValues: ReadonlySet<string> = new Set(values)
