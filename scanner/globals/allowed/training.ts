import type { AllowedGroup } from '../types.ts'

/**
 * Arguments and options that training libraries store beside weights: dataclasses (made without their constructor, state copied into
 * them) and enumerations (called with a value). Source: transformers 4.20 to 4.55, accelerate, peft, trl, pytorch-lightning, omegaconf.
 */
export const trainingAllowed: readonly AllowedGroup[] = [
  {
    may: ['new', 'build'],
    names: {
      'transformers.training_args': 'TrainingArguments',
      'transformers.training_args_seq2seq': 'Seq2SeqTrainingArguments',
      'transformers.trainer_pt_utils': 'AcceleratorConfig',
      'transformers.generation.configuration_utils': 'GenerationConfig',
      'accelerate.state': 'PartialState AcceleratorState',
      'accelerate.utils.dataclasses': 'DeepSpeedPlugin FullyShardedDataParallelPlugin',
      'peft.tuners.lora.config': 'LoraConfig LoftQConfig LoraRuntimeConfig',
      'peft.tuners.lora': 'LoraConfig',
      'peft.tuners.prompt_tuning.config': 'PromptTuningConfig',
      'peft.tuners.prefix_tuning.config': 'PrefixTuningConfig',
      'trl.trainer.sft_config': 'SFTConfig',
      'trl.trainer.dpo_config': 'DPOConfig',
      'trl.trainer.grpo_config': 'GRPOConfig',
      'trl.trainer.reward_config': 'RewardConfig',
      'trl.trainer.ppo_config': 'PPOConfig',
      'sentence_transformers.training_args': 'SentenceTransformerTrainingArguments',
    },
  },
  {
    may: ['call'],
    when: 'data',
    names: {
      'transformers.trainer_utils':
        'EvaluationStrategy FSDPOption HubStrategy IntervalStrategy SaveStrategy SchedulerType ShardedDDPOption',
      'transformers.training_args': 'OptimizerNames ParallelMode',
      'transformers.debug_utils': 'DebugOption',
      'transformers.utils.generic': 'ExplicitEnum PaddingStrategy TensorType',
      'accelerate.utils.dataclasses': 'DistributedType DynamoBackend PrecisionType SaveStrategy',
      'accelerate.state': 'DistributedType',
      'peft.utils.peft_types': 'PeftType TaskType',
      'sentence_transformers.training_args': 'BatchSamplers MultiDatasetBatchSamplers',
    },
  },
  {
    may: ['new', 'build'],
    names: {
      'pytorch_lightning.utilities.parsing': 'AttributeDict',
      'lightning.fabric.utilities.data': 'AttributeDict',
      'lightning_fabric.utilities.data': 'AttributeDict',
      'omegaconf.dictconfig': 'DictConfig',
      'omegaconf.listconfig': 'ListConfig',
      'omegaconf.base': 'ContainerMetadata Metadata',
      'omegaconf.nodes': 'AnyNode BooleanNode FloatNode IntegerNode StringNode',
    },
  },
  // Old checkpoints of Lightning name the class of each callback as a key.
  {
    may: ['import'],
    names: {
      'pytorch_lightning.callbacks.model_checkpoint': 'ModelCheckpoint',
      'pytorch_lightning.callbacks.early_stopping': 'EarlyStopping',
      'lightning.pytorch.callbacks.model_checkpoint': 'ModelCheckpoint',
      'lightning.pytorch.callbacks.early_stopping': 'EarlyStopping',
    },
  },
  // Word tables beside text models.
  {
    may: ['new', 'build'],
    names: {
      'keras.preprocessing.text': 'Tokenizer',
      'keras.src.preprocessing.text': 'Tokenizer',
      'keras.src.legacy.preprocessing.text': 'Tokenizer',
      'keras_preprocessing.text': 'Tokenizer',
      'tensorflow.python.keras.preprocessing.text': 'Tokenizer',
    },
  },
]
