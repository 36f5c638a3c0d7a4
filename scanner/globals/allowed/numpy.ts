import type { AllowedGroup } from '../types.ts'

/** Ufuncs are pickled by name. Source: `[n for n in dir(numpy) if isinstance(getattr(numpy, n), numpy.ufunc)]`, NumPy 1.19 to 2.4. */
const ufuncs =
  'abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul matvec maximum minimum mod modf multiply negative nextafter not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh true_divide trunc vecdot vecmat'
const scalars =
  'bool bool_ bool8 byte ubyte short ushort intc uintc int_ uint longlong ulonglong intp uintp int8 int16 int32 int64 uint8 uint16 uint32 uint64 half single double longdouble float_ float16 float32 float64 float96 float128 csingle cdouble complex_ clongdouble complex64 complex128 complex192 complex256 str_ bytes_ void datetime64 timedelta64 object_ unicode_ string_'

/** Source: numpy/core/src/multiarray, numpy/random/_pickle.py, numpy/ma/core.py; names read with the recipe in `globals/README.md`. */
export const numpyAllowed: readonly AllowedGroup[] = [
  {
    may: ['import'],
    names: { numpy: `${ufuncs} mean median std var sum prod min max amin amax average ravel squeeze nan_to_num` },
  },
  { may: ['call'], when: 'data', names: { numpy: scalars } },
  { may: ['call', 'new', 'build'], names: { numpy: 'dtype' } },
  {
    may: ['array', 'build'],
    names: {
      numpy: 'ndarray matrix recarray memmap chararray',
      'numpy.rec': 'recarray',
      'numpy.core.records': 'recarray',
      'numpy._core.records': 'recarray',
      'numpy.matrixlib.defmatrix': 'matrix',
      'numpy.core.memmap': 'memmap',
      'numpy._core.memmap': 'memmap',
      'numpy.ma.core': 'MaskedArray',
      'numpy.ma': 'MaskedArray',
      'numpy.core.defchararray': 'chararray',
      'numpy.char': 'chararray',
    },
  },
  {
    may: ['import'],
    names: { numpy: 'record', 'numpy.core.records': 'record', 'numpy._core.records': 'record', 'numpy.rec': 'record' },
  },
  {
    may: ['call', 'build'],
    when: 'array-first',
    names: {
      'numpy.core.multiarray': '_reconstruct',
      'numpy._core.multiarray': '_reconstruct',
      'numpy.ma.core': '_mareconstruct',
    },
  },
  {
    may: ['call'],
    names: {
      'numpy.core.multiarray': 'scalar',
      'numpy._core.multiarray': 'scalar',
      'numpy.core.numeric': '_frombuffer',
      'numpy._core.numeric': '_frombuffer',
    },
  },
  {
    may: ['call'],
    when: 'numpy-name',
    names: { 'numpy.core': '_ufunc_reconstruct', 'numpy._core': '_ufunc_reconstruct' },
  },
  {
    may: ['call', 'build'],
    when: 'callables',
    names: {
      'numpy.random._pickle': '__randomstate_ctor __bit_generator_ctor __generator_ctor',
      'numpy.random': '__RandomState_ctor',
      'numpy.random._mt19937': 'MT19937',
      'numpy.random._pcg64': 'PCG64 PCG64DXSM',
      'numpy.random._philox': 'Philox',
      'numpy.random._sfc64': 'SFC64',
    },
  },
  { may: ['call'], when: 'class-first', names: { 'numpy.random.bit_generator': '__pyx_unpickle_SeedSequence' } },
  {
    may: ['new', 'build'],
    names: {
      'numpy.random.bit_generator': 'SeedSequence',
      'numpy.lib.polynomial': 'poly1d',
      'numpy.lib._polynomial_impl': 'poly1d',
      numpy: 'poly1d',
      'numpy.polynomial.polynomial': 'Polynomial',
      'numpy.polynomial.chebyshev': 'Chebyshev',
      'numpy.polynomial.legendre': 'Legendre',
    },
  },
]
