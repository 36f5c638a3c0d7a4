import type { AllowedGroup } from '../types.ts'

/** Made by `scripts/allowed-globals.py sklearn` with scikit-learn 1.6.1 and 1.9.1 (its list `plain`), without plots, tests and tools. */
const plain: Readonly<Record<string, string>> = {
  'sklearn._loss.link': 'HalfLogitLink IdentityLink Interval LogLink LogitLink MultinomialLogit',
  'sklearn._loss.loss':
    'AbsoluteError ArrayAPILossMixin BaseLoss ExponentialLoss HalfBinomialLoss HalfBinomialLossArrayAPI HalfGammaLoss HalfMultinomialLoss HalfMultinomialLossArrayAPI HalfPoissonLoss HalfPoissonLossArrayAPI HalfSquaredError HalfTweedieLoss HalfTweedieLossIdentity HuberLoss PinballLoss',
  'sklearn.base':
    'BaseEstimator BiclusterMixin ClassNamePrefixFeaturesOutMixin ClassifierMixin ClusterMixin DensityMixin MetaEstimatorMixin MultiOutputMixin OneToOneFeatureMixin OutlierMixin RegressorMixin TransformerMixin _UnstableArchMixin',
  'sklearn.calibration':
    'CalibratedClassifierCV CalibrationDisplay _CalibratedClassifier _SigmoidCalibration _TemperatureScaling',
  'sklearn.cluster._affinity_propagation': 'AffinityPropagation',
  'sklearn.cluster._agglomerative': 'AgglomerativeClustering FeatureAgglomeration',
  'sklearn.cluster._bicluster': 'SpectralBiclustering SpectralCoclustering',
  'sklearn.cluster._birch': 'Birch _CFNode _CFSubcluster',
  'sklearn.cluster._bisect_k_means': 'BisectingKMeans _BisectingTree',
  'sklearn.cluster._dbscan': 'DBSCAN',
  'sklearn.cluster._feature_agglomeration': 'AgglomerationTransform',
  'sklearn.cluster._hdbscan.hdbscan': 'HDBSCAN',
  'sklearn.cluster._kmeans': 'KMeans MiniBatchKMeans _BaseKMeans',
  'sklearn.cluster._mean_shift': 'MeanShift',
  'sklearn.cluster._optics': 'OPTICS',
  'sklearn.cluster._spectral': 'SpectralClustering',
  'sklearn.compose._column_transformer': 'ColumnTransformer _RemainderColsList make_column_selector',
  'sklearn.compose._target': 'TransformedTargetRegressor',
  'sklearn.covariance._elliptic_envelope': 'EllipticEnvelope',
  'sklearn.covariance._empirical_covariance': 'EmpiricalCovariance',
  'sklearn.covariance._graph_lasso': 'BaseGraphicalLasso GraphicalLasso GraphicalLassoCV',
  'sklearn.covariance._robust_covariance': 'MinCovDet',
  'sklearn.covariance._shrunk_covariance': 'LedoitWolf OAS ShrunkCovariance',
  'sklearn.cross_decomposition._pls': 'CCA PLSCanonical PLSRegression PLSSVD _PLS',
  'sklearn.decomposition._base': '_BasePCA',
  'sklearn.decomposition._dict_learning':
    'DictionaryLearning MiniBatchDictionaryLearning SparseCoder _BaseSparseCoding',
  'sklearn.decomposition._factor_analysis': 'FactorAnalysis',
  'sklearn.decomposition._fastica': 'FastICA',
  'sklearn.decomposition._incremental_pca': 'IncrementalPCA',
  'sklearn.decomposition._kernel_pca': 'KernelPCA',
  'sklearn.decomposition._lda': 'LatentDirichletAllocation',
  'sklearn.decomposition._nmf': 'MiniBatchNMF NMF _BaseNMF',
  'sklearn.decomposition._pca': 'PCA',
  'sklearn.decomposition._sparse_pca': 'MiniBatchSparsePCA SparsePCA _BaseSparsePCA',
  'sklearn.decomposition._truncated_svd': 'TruncatedSVD',
  'sklearn.discriminant_analysis':
    'DiscriminantAnalysisPredictionMixin LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis',
  'sklearn.dummy': 'DummyClassifier DummyRegressor',
  'sklearn.ensemble._bagging': 'BaggingClassifier BaggingRegressor',
  'sklearn.ensemble._base': '_BaseHeterogeneousEnsemble',
  'sklearn.ensemble._forest':
    'ExtraTreesClassifier ExtraTreesRegressor ForestClassifier ForestRegressor RandomForestClassifier RandomForestRegressor RandomTreesEmbedding',
  'sklearn.ensemble._gb': 'GradientBoostingClassifier GradientBoostingRegressor VerboseReporter',
  'sklearn.ensemble._hist_gradient_boosting.binning': '_BinMapper',
  'sklearn.ensemble._hist_gradient_boosting.gradient_boosting':
    'HistGradientBoostingClassifier HistGradientBoostingRegressor',
  'sklearn.ensemble._hist_gradient_boosting.grower': 'TreeGrower TreeNode',
  'sklearn.ensemble._hist_gradient_boosting.splitting': 'SplitInfo',
  'sklearn.ensemble._iforest': 'IsolationForest',
  'sklearn.ensemble._stacking': 'StackingClassifier StackingRegressor _BaseStacking',
  'sklearn.ensemble._voting': 'VotingClassifier VotingRegressor _BaseVoting',
  'sklearn.ensemble._weight_boosting': 'AdaBoostClassifier AdaBoostRegressor',
  'sklearn.feature_extraction._dict_vectorizer': 'DictVectorizer',
  'sklearn.feature_extraction._hash': 'FeatureHasher',
  'sklearn.feature_extraction.image': 'PatchExtractor',
  'sklearn.feature_extraction.text':
    'CountVectorizer HashingVectorizer TfidfTransformer TfidfVectorizer _VectorizerMixin',
  'sklearn.feature_selection._base': 'SelectorMixin',
  'sklearn.feature_selection._from_model': 'SelectFromModel',
  'sklearn.feature_selection._rfe': 'RFE RFECV',
  'sklearn.feature_selection._sequential': 'SequentialFeatureSelector',
  'sklearn.feature_selection._univariate_selection':
    'GenericUnivariateSelect SelectFdr SelectFpr SelectFwe SelectKBest SelectPercentile _BaseFilter',
  'sklearn.feature_selection._variance_threshold': 'VarianceThreshold',
  'sklearn.frozen._frozen': 'FrozenEstimator',
  'sklearn.gaussian_process._gpc': 'GaussianProcessClassifier _BinaryGaussianProcessClassifierLaplace',
  'sklearn.gaussian_process._gpr': 'GaussianProcessRegressor',
  'sklearn.gaussian_process.kernels':
    'CompoundKernel ConstantKernel DotProduct ExpSineSquared Exponentiation GenericKernelMixin Kernel KernelOperator Matern NormalizedKernelMixin PairwiseKernel Product RBF RationalQuadratic StationaryKernelMixin Sum WhiteKernel',
  'sklearn.impute._base': 'MissingIndicator SimpleImputer _BaseImputer',
  'sklearn.impute._iterative': 'IterativeImputer',
  'sklearn.impute._knn': 'KNNImputer',
  'sklearn.kernel_approximation': 'AdditiveChi2Sampler Nystroem PolynomialCountSketch RBFSampler SkewedChi2Sampler',
  'sklearn.kernel_ridge': 'KernelRidge',
  'sklearn.linear_model._base':
    'LinearClassifierMixin LinearModel LinearRegression MultiOutputLinearModel SparseCoefMixin',
  'sklearn.linear_model._bayes': 'ARDRegression BayesianRidge',
  'sklearn.linear_model._coordinate_descent':
    'ElasticNet ElasticNetCV Lasso LassoCV LinearModelCV MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV',
  'sklearn.linear_model._glm._newton_solver': 'NewtonCholeskySolver NewtonSolver',
  'sklearn.linear_model._glm.glm': 'GammaRegressor PoissonRegressor TweedieRegressor _GeneralizedLinearRegressor',
  'sklearn.linear_model._huber': 'HuberRegressor',
  'sklearn.linear_model._least_angle': 'Lars LarsCV LassoLars LassoLarsCV LassoLarsIC',
  'sklearn.linear_model._linear_loss': 'LinearModelLoss',
  'sklearn.linear_model._logistic': 'LogisticRegression LogisticRegressionCV _LbfgsCallbackBridge',
  'sklearn.linear_model._omp': 'OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV',
  'sklearn.linear_model._passive_aggressive': 'PassiveAggressiveClassifier PassiveAggressiveRegressor',
  'sklearn.linear_model._perceptron': 'Perceptron',
  'sklearn.linear_model._quantile': 'QuantileRegressor',
  'sklearn.linear_model._ransac': 'RANSACRegressor',
  'sklearn.linear_model._ridge':
    'Ridge RidgeCV RidgeClassifier RidgeClassifierCV _BaseRidge _BaseRidgeCV _IdentityClassifier _IdentityRegressor _RidgeClassifierMixin _RidgeGCV',
  'sklearn.linear_model._stochastic_gradient': 'SGDClassifier SGDOneClassSVM SGDRegressor _ValidationScoreCallback',
  'sklearn.linear_model._theil_sen': 'TheilSenRegressor',
  'sklearn.manifold._classical_mds': 'ClassicalMDS',
  'sklearn.manifold._isomap': 'Isomap',
  'sklearn.manifold._locally_linear': 'LocallyLinearEmbedding',
  'sklearn.manifold._mds': 'MDS',
  'sklearn.manifold._spectral_embedding': 'SpectralEmbedding',
  'sklearn.manifold._t_sne': 'TSNE',
  'sklearn.metrics._scorer': '_BaseScorer _CurveScorer _MultimetricScorer _PassthroughScorer _Scorer',
  'sklearn.mixture._bayesian_mixture': 'BayesianGaussianMixture',
  'sklearn.mixture._gaussian_mixture': 'GaussianMixture',
  'sklearn.model_selection._classification_threshold':
    'BaseThresholdClassifier FixedThresholdClassifier TunedThresholdClassifierCV',
  'sklearn.model_selection._search': 'GridSearchCV ParameterGrid ParameterSampler RandomizedSearchCV',
  'sklearn.model_selection._search_successive_halving':
    'HalvingGridSearchCV HalvingRandomSearchCV _SubsampleMetaSplitter',
  'sklearn.model_selection._split':
    'BaseShuffleSplit GroupKFold GroupShuffleSplit GroupsConsumerMixin KFold LeaveOneGroupOut LeaveOneOut LeavePGroupsOut LeavePOut PredefinedSplit RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedGroupKFold StratifiedKFold StratifiedShuffleSplit TimeSeriesSplit _BaseKFold _CVIterableWrapper _RepeatedSplits _UnsupportedGroupCVMixin',
  'sklearn.multiclass': 'OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier _ConstantPredictor',
  'sklearn.multioutput':
    'ClassifierChain MultiOutputClassifier MultiOutputRegressor RegressorChain _BaseChain _MultiOutputEstimator',
  'sklearn.naive_bayes': 'BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB _BaseDiscreteNB _BaseNB',
  'sklearn.neighbors._base': 'KNeighborsMixin NeighborsBase RadiusNeighborsMixin',
  'sklearn.neighbors._classification': 'KNeighborsClassifier RadiusNeighborsClassifier',
  'sklearn.neighbors._graph': 'KNeighborsTransformer RadiusNeighborsTransformer',
  'sklearn.neighbors._kde': 'KernelDensity',
  'sklearn.neighbors._lof': 'LocalOutlierFactor',
  'sklearn.neighbors._nca': 'NeighborhoodComponentsAnalysis',
  'sklearn.neighbors._nearest_centroid': 'NearestCentroid',
  'sklearn.neighbors._regression': 'KNeighborsRegressor RadiusNeighborsRegressor',
  'sklearn.neighbors._unsupervised': 'NearestNeighbors',
  'sklearn.neural_network._multilayer_perceptron': 'MLPClassifier MLPRegressor',
  'sklearn.neural_network._rbm': 'BernoulliRBM',
  'sklearn.neural_network._stochastic_optimizers': 'AdamOptimizer BaseOptimizer SGDOptimizer',
  'sklearn.pipeline': 'FeatureUnion Pipeline',
  'sklearn.preprocessing._data':
    'Binarizer KernelCenterer MaxAbsScaler MinMaxScaler Normalizer PowerTransformer QuantileTransformer RobustScaler StandardScaler',
  'sklearn.preprocessing._discretization': 'KBinsDiscretizer',
  'sklearn.preprocessing._encoders': 'OneHotEncoder OrdinalEncoder _BaseEncoder',
  'sklearn.preprocessing._function_transformer': 'FunctionTransformer',
  'sklearn.preprocessing._label': 'LabelBinarizer LabelEncoder MultiLabelBinarizer',
  'sklearn.preprocessing._polynomial': 'PolynomialFeatures SplineTransformer',
  'sklearn.preprocessing._target_encoder': 'TargetEncoder',
  'sklearn.random_projection': 'GaussianRandomProjection SparseRandomProjection',
  'sklearn.semi_supervised._label_propagation': 'LabelPropagation LabelSpreading',
  'sklearn.semi_supervised._self_training': 'SelfTrainingClassifier',
  'sklearn.svm._classes': 'LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR',
  'sklearn.tree._classes': 'DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor',
  'sklearn.utils._bunch': 'Bunch',
  'sklearn.utils._encode': '_nandict',
  'sklearn.utils._metadata_requests':
    'MetadataRequest MetadataRouter MethodMapping MethodMetadataRequest RequestMethod _MetadataRequester _RoutingNotSupportedMixin',
  'sklearn.utils._param_validation':
    'HasMethods Hidden Interval MissingValues Options RealNotInt StrOptions _ArrayLikes _Booleans _CVObjects _Callables _Constraint _InstancesOf _IterablesNotString _NanConstraint _NoneConstraint _PandasNAConstraint _RandomStates _SparseMatrices _VerboseHelper',
  'sklearn.utils._set_output':
    'ContainerAdapterProtocol ContainerAdaptersManager PandasAdapter PolarsAdapter _SetOutputMixin',
  'sklearn.utils._tags': 'ClassifierTags InputTags RegressorTags Tags TargetTags TransformerTags',
}

/** Module names and losses of releases 0.17 to 1.3; the classes are those above. */
const older: Readonly<Record<string, string>> = {
  'sklearn.cluster.birch': 'Birch',
  'sklearn.cluster.dbscan_': 'DBSCAN',
  'sklearn.cluster.hierarchical': 'AgglomerativeClustering',
  'sklearn.cluster.k_means_': 'KMeans MiniBatchKMeans',
  'sklearn.decomposition.fastica_': 'FastICA',
  'sklearn.decomposition.incremental_pca': 'IncrementalPCA',
  'sklearn.decomposition.nmf': 'NMF',
  'sklearn.decomposition.online_lda': 'LatentDirichletAllocation',
  'sklearn.decomposition.pca': 'PCA',
  'sklearn.decomposition.truncated_svd': 'TruncatedSVD',
  'sklearn.ensemble._gb_losses':
    'BinomialDeviance ExponentialLoss HuberLossFunction LeastAbsoluteError LeastSquaresError MultinomialDeviance QuantileLossFunction',
  'sklearn.ensemble._hist_gradient_boosting.loss':
    'BinaryCrossEntropy CategoricalCrossEntropy LeastAbsoluteDeviation LeastSquares Poisson',
  'sklearn.ensemble.bagging': 'BaggingClassifier BaggingRegressor',
  'sklearn.ensemble.forest':
    'ExtraTreesClassifier ExtraTreesRegressor RandomForestClassifier RandomForestRegressor RandomTreesEmbedding',
  'sklearn.ensemble.gradient_boosting':
    'GradientBoostingClassifier GradientBoostingRegressor BinomialDeviance ExponentialLoss HuberLossFunction LeastAbsoluteError LeastSquaresError LogOddsEstimator MeanEstimator MultinomialDeviance PriorProbabilityEstimator QuantileEstimator QuantileLossFunction ScaledLogOddsEstimator ZeroEstimator',
  'sklearn.ensemble.iforest': 'IsolationForest',
  'sklearn.ensemble.voting': 'VotingClassifier VotingRegressor',
  'sklearn.ensemble.voting_classifier': 'VotingClassifier',
  'sklearn.ensemble.weight_boosting': 'AdaBoostClassifier AdaBoostRegressor',
  'sklearn.feature_extraction.dict_vectorizer': 'DictVectorizer',
  'sklearn.feature_extraction.hashing': 'FeatureHasher',
  'sklearn.feature_selection.from_model': 'SelectFromModel',
  'sklearn.feature_selection.rfe': 'RFE RFECV',
  'sklearn.feature_selection.univariate_selection': 'SelectKBest SelectPercentile',
  'sklearn.feature_selection.variance_threshold': 'VarianceThreshold',
  'sklearn.gaussian_process.gpc': 'GaussianProcessClassifier',
  'sklearn.gaussian_process.gpr': 'GaussianProcessRegressor',
  'sklearn.linear_model.base': 'LinearRegression',
  'sklearn.linear_model.bayes': 'ARDRegression BayesianRidge',
  'sklearn.linear_model.coordinate_descent': 'ElasticNet ElasticNetCV Lasso LassoCV MultiTaskElasticNet MultiTaskLasso',
  'sklearn.linear_model.huber': 'HuberRegressor',
  'sklearn.linear_model.logistic': 'LogisticRegression LogisticRegressionCV',
  'sklearn.linear_model.passive_aggressive': 'PassiveAggressiveClassifier PassiveAggressiveRegressor',
  'sklearn.linear_model.perceptron': 'Perceptron',
  'sklearn.linear_model.ridge': 'Ridge RidgeCV RidgeClassifier RidgeClassifierCV',
  'sklearn.linear_model.stochastic_gradient': 'SGDClassifier SGDRegressor',
  'sklearn.manifold.isomap': 'Isomap',
  'sklearn.manifold.t_sne': 'TSNE',
  'sklearn.mixture.bayesian_mixture': 'BayesianGaussianMixture',
  'sklearn.mixture.gaussian_mixture': 'GaussianMixture',
  'sklearn.model_selection._search': 'GridSearchCV RandomizedSearchCV',
  'sklearn.neighbors.classification': 'KNeighborsClassifier RadiusNeighborsClassifier',
  'sklearn.neighbors.kde': 'KernelDensity',
  'sklearn.neighbors.lof': 'LocalOutlierFactor',
  'sklearn.neighbors.nearest_centroid': 'NearestCentroid',
  'sklearn.neighbors.regression': 'KNeighborsRegressor RadiusNeighborsRegressor',
  'sklearn.neighbors.unsupervised': 'NearestNeighbors',
  'sklearn.neural_network._stochastic_optimizers': 'AdamOptimizer SGDOptimizer',
  'sklearn.neural_network.multilayer_perceptron': 'MLPClassifier MLPRegressor',
  'sklearn.preprocessing._data': 'OneHotEncoder',
  'sklearn.preprocessing.data':
    'Binarizer KernelCenterer MaxAbsScaler MinMaxScaler Normalizer OneHotEncoder PolynomialFeatures PowerTransformer QuantileTransformer RobustScaler StandardScaler',
  'sklearn.preprocessing.imputation': 'Imputer',
  'sklearn.preprocessing.label': 'LabelBinarizer LabelEncoder MultiLabelBinarizer',
  'sklearn.svm.classes': 'LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR',
  'sklearn.tree.tree': 'DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor',
  'sklearn.utils': 'Bunch',
}

const distances =
  'BrayCurtisDistance CanberraDistance ChebyshevDistance DiceDistance EuclideanDistance HammingDistance HaversineDistance JaccardDistance MahalanobisDistance ManhattanDistance MatchingDistance MinkowskiDistance RogersTanimotoDistance RussellRaoDistance SEuclideanDistance SokalMichenerDistance SokalSneathDistance'
const sized = (names: string): string =>
  names
    .split(' ')
    .flatMap((name) => [name, `${name}32`, `${name}64`])
    .join(' ')

const losses =
  'CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss CyHalfMultinomialLoss CyHalfPoissonLoss CyHalfSquaredError CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHuberLoss CyPinballLoss'
const linearLosses =
  'EpsilonInsensitive Hinge Huber Log ModifiedHuber SquaredEpsilonInsensitive SquaredHinge SquaredLoss'

/** scikit-learn. What its list `own` holds was read class by class before it was added here. */
export const sklearnAllowed: readonly AllowedGroup[] = [
  { may: ['new', 'build', 'items'], names: plain },
  { may: ['new', 'build'], names: older },
  {
    may: ['new', 'build'],
    names: {
      'sklearn.isotonic': 'IsotonicRegression',
      'sklearn.ensemble._hist_gradient_boosting.predictor': 'TreePredictor',
      'sklearn.gaussian_process.kernels': 'Hyperparameter',
      'sklearn.impute._iterative': '_ImputerTriplet',
      'sklearn.metrics._dist_metrics': sized(`DistanceMetric ${distances}`),
      'sklearn.neighbors._dist_metrics': sized(`DistanceMetric ${distances}`),
      'sklearn.neighbors._kd_tree': sized('BinaryTree KDTree'),
      'sklearn.neighbors._ball_tree': sized('BallTree BinaryTree'),
      'sklearn.neighbors.kd_tree': 'KDTree',
      'sklearn.neighbors.ball_tree': 'BallTree',
      'sklearn.neighbors.dist_metrics': distances,
    },
  },
  {
    may: ['call', 'build'],
    when: 'data',
    names: {
      'sklearn._loss._loss': losses,
      _loss: losses,
      'sklearn.linear_model._sgd_fast': linearLosses,
      'sklearn.linear_model.sgd_fast': linearLosses,
    },
  },
  // Their arguments are numbers and an array.
  { may: ['call', 'build'], names: { 'sklearn.tree._tree': 'Tree' } },
  {
    may: ['call'],
    when: 'class-first',
    names: {
      'sklearn.metrics._dist_metrics': 'newObj',
      'sklearn.neighbors._dist_metrics': 'newObj',
      'sklearn.neighbors._kd_tree': 'newObj',
      'sklearn.neighbors._ball_tree': 'newObj',
      'sklearn.neighbors.kd_tree': 'newObj',
      'sklearn.neighbors.ball_tree': 'newObj',
      'sklearn.neighbors.dist_metrics': 'newObj',
      'sklearn._loss._loss': '__pyx_unpickle_CyHalfMultinomialLoss',
      _loss: '__pyx_unpickle_CyHalfMultinomialLoss',
    },
  },
  // Functions that estimators keep as parameters, called when the estimator works.
  {
    may: ['import'],
    names: {
      'sklearn.feature_selection._univariate_selection': 'chi2 f_classif f_oneway f_regression r_regression',
      'sklearn.feature_selection.univariate_selection': 'chi2 f_classif f_regression',
      'sklearn.feature_selection._mutual_info': 'mutual_info_classif mutual_info_regression',
      'sklearn.metrics._classification':
        'accuracy_score balanced_accuracy_score brier_score_loss f1_score jaccard_score log_loss matthews_corrcoef precision_score recall_score',
      'sklearn.metrics._ranking': 'average_precision_score roc_auc_score top_k_accuracy_score',
      'sklearn.metrics._regression':
        'd2_absolute_error_score explained_variance_score max_error mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_log_error median_absolute_error r2_score root_mean_squared_error',
      'sklearn.metrics._scorer': '_passthrough_scorer',
      'sklearn.cluster._kmeans': '_kmeans_single_elkan _kmeans_single_lloyd',
      'sklearn.metrics.pairwise': 'cosine_similarity euclidean_distances linear_kernel polynomial_kernel rbf_kernel',
    },
  },
  // joblib's arrays within the stream, see `pickle/joblib-arrays.ts`.
  {
    may: ['new', 'build'],
    names: {
      'joblib.numpy_pickle': 'NumpyArrayWrapper',
      'sklearn.externals.joblib.numpy_pickle': 'NumpyArrayWrapper',
    },
  },
]
