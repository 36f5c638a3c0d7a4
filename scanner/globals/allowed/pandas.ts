import type { AllowedGroup } from '../types.ts'

/** Source: pandas 1.0 to 3.0: `__reduce__` and `__setstate__` of each class read. */
export const pandasAllowed: readonly AllowedGroup[] = [
  {
    may: ['new', 'build', 'call'],
    names: {
      'pandas.core.internals.managers': 'BlockManager SingleBlockManager',
      'pandas._libs.internals': 'BlockManager BlockPlacement',
    },
  },
  {
    may: ['new', 'build'],
    names: {
      'pandas.core.frame': 'DataFrame',
      'pandas.core.series': 'Series',
      pandas:
        'DataFrame Series Index RangeIndex MultiIndex DatetimeIndex CategoricalIndex IntervalIndex TimedeltaIndex PeriodIndex Categorical CategoricalDtype Timestamp Timedelta',
      'pandas.arrays':
        'ArrowStringArray BooleanArray DatetimeArray FloatingArray IntegerArray IntervalArray NumpyExtensionArray PandasArray PeriodArray SparseArray StringArray TimedeltaArray',
      'pandas.core.flags': 'Flags',
      'pandas.core.arrays.categorical': 'Categorical',
      'pandas.core.arrays.datetimes': 'DatetimeArray',
      'pandas.core.arrays.timedeltas': 'TimedeltaArray',
      'pandas.core.arrays.period': 'PeriodArray',
      'pandas.core.arrays.integer': 'IntegerArray',
      'pandas.core.arrays.floating': 'FloatingArray',
      'pandas.core.arrays.boolean': 'BooleanArray',
      'pandas.core.arrays.string_': 'StringArray StringDtype',
      'pandas.core.arrays.numpy_': 'PandasArray NumpyExtensionArray',
      'pandas.core.arrays.interval': 'IntervalArray',
      'pandas.core.arrays.sparse.array': 'SparseArray',
      'pandas.core.dtypes.dtypes': 'CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype',
    },
  },
  {
    may: ['new', 'build'],
    names: {
      'pandas.core.indexes.base': 'Index',
      'pandas.core.indexes.range': 'RangeIndex',
      'pandas.core.indexes.multi': 'MultiIndex',
      'pandas.core.indexes.numeric': 'Float64Index Int64Index UInt64Index',
      'pandas.core.indexes.category': 'CategoricalIndex',
      'pandas.core.indexes.datetimes': 'DatetimeIndex',
      'pandas.core.indexes.timedeltas': 'TimedeltaIndex',
      'pandas.core.indexes.period': 'PeriodIndex',
      'pandas.core.indexes.interval': 'IntervalIndex',
      'pandas.core.indexes.frozen': 'FrozenList',
    },
  },
  {
    may: ['call', 'build'],
    when: 'class-first',
    names: {
      'pandas._libs.arrays': '__pyx_unpickle_NDArrayBacked',
      'pandas.core.indexes.base': '_new_Index',
      'pandas.core.indexes.datetimes': '_new_DatetimeIndex',
      'pandas.core.indexes.period': '_new_PeriodIndex',
      'pandas.core.indexes.interval': '_new_IntervalIndex',
    },
  },
  {
    may: ['call'],
    when: 'data',
    names: {
      pandas:
        'StringDtype BooleanDtype Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype Float32Dtype Float64Dtype',
    },
  },
  {
    may: ['call', 'build'],
    names: {
      'pandas._libs.internals': '_unpickle_block',
      'pandas._libs.tslibs.timestamps': '_unpickle_timestamp',
      'pandas._libs.tslibs.timedeltas': '_timedelta_unpickle',
      'pandas._libs.tslibs.nattype': '_nat_unpickle',
      'pandas._libs.tslibs.offsets': 'BDay Day Hour Minute Second MonthEnd',
      'pandas._libs.tslibs.period': '_period_unpickle',
      'pandas.core.internals.blocks': 'new_block',
      'pandas._libs.interval': 'Interval',
    },
  },
]
