import { isAllowed } from './allowed.ts'
import { isDangerous } from './dangerous.ts'

/**
 * How a dotted Python name reads that a config makes a loader import and call.
 * `library`: of a well-known machine-learning library, but not on the exact list. `local`: a module of the model itself.
 */
export type TargetGrade = 'allowed' | 'library' | 'unknown' | 'dangerous'

/** Libraries whose classes configs name in the thousands. Being of one of them never makes a name safe, only less of a surprise. */
const libraries =
  /^(torch|torchvision|torchaudio|torchmetrics|nemo|nemo_text_processing|megatron|transformers|diffusers|peft|accelerate|lightning|lightning_fabric|pytorch_lightning|speechbrain|sentence_transformers|timm|einops|monai|ldm|sgm|cldm|sklearn|scipy|numpy|tensorflow|keras|keras_nlp|keras_hub|keras_cv|tf_keras|jax|flax|optax|datasets|tokenizers|albumentations|xgboost|lightgbm|catboost|mmcv|mmengine|mmdet|detectron2|fairseq|espnet2|s3prl|audiocraft|imagen_pytorch|open_clip|omegaconf|hydra|hydra_plugins|mlflow|trl|bitsandbytes|xformers|kornia|segmentation_models_pytorch|gluonts|pytorch_forecasting|deepspeed|apex|adapters|setfit|span_marker|gliner)\./

/** Modules that others import under their plain names. */
const reachable: ReadonlySet<string> = new Set(
  'os subprocess sys shutil builtins importlib pickle marshal posix pty socket ctypes runpy joblib cloudpickle dill'.split(
    ' ',
  ),
)

/** Grades what a config names. Anything that is no plain dotted name is unknown. */
export function gradeTarget(name: string): TargetGrade {
  const text = name
    .trim()
    .normalize('NFKC')
    .replace(/^builtins\.(?=\w+\.)/, '')
    .replace(':', '.')
  if (isDangerous(text)) return 'dangerous'
  if (isAllowed(text)) return 'allowed'
  // An import inside a library is reachable through it: `torch.os.system` is `os.system`.
  const parts = text.split('.')
  for (let from = 1; from < parts.length && from < 8; from++) {
    if (reachable.has(parts[from] ?? '') && isDangerous(parts.slice(from).join('.'))) return 'dangerous'
  }
  return libraries.test(text) && /^[\w.]+$/.test(text) && !text.includes('__') ? 'library' : 'unknown'
}
