import type { AllowedGroup } from '../types.ts'

/** Gradient boosting libraries; their `__setstate__` hands bytes to the library's own model parser. Source: xgboost 1.0 to 3.0, lightgbm 3 to 4.7, catboost 1.2. */
export const boostingAllowed: readonly AllowedGroup[] = [
  {
    may: ['new', 'build'],
    names: {
      'xgboost.core': 'Booster',
      'xgboost.sklearn': 'XGBClassifier XGBModel XGBRFClassifier XGBRFRegressor XGBRanker XGBRegressor',
      'lightgbm.basic': 'Booster',
      'lightgbm.sklearn': 'LGBMClassifier LGBMModel LGBMRanker LGBMRegressor',
      'catboost.core': 'CatBoost CatBoostClassifier CatBoostRanker CatBoostRegressor',
    },
  },
]
