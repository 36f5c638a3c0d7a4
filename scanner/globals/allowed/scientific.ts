import type { AllowedGroup } from '../types.ts'

const matrices = 'bsr coo csc csr dia lil'
const names = (kinds: string, ends: readonly string[]): string =>
  kinds
    .split(' ')
    .flatMap((kind) => ends.map((end) => `${kind}_${end}`))
    .join(' ')

const perModule = (prefix: string, ends: readonly string[]): Record<string, string> =>
  Object.fromEntries(matrices.split(' ').map((kind) => [`scipy.sparse.${prefix}${kind}`, names(kind, ends)]))

/**
 * SciPy: sparse matrices, trees and interpolators. Made by `scripts/allowed-globals.py scipy.sparse scipy.spatial scipy.interpolate` with
 * SciPy 1.17.1; `coo_matrix`, `cKDTree`, `KDTree` and `Rotation` were read (state is copied, checked by the compiled classes). The
 * distributions of scipy.stats are left out on purpose: their `__setstate__` runs text of the state as code.
 */
export const scientificAllowed: readonly AllowedGroup[] = [
  {
    may: ['new', 'build'],
    names: {
      ...perModule('_', ['matrix', 'array']),
      ...perModule('', ['matrix']),
      'scipy.sparse': names(matrices, ['matrix', 'array']),
      'scipy.spatial._ckdtree': 'cKDTree',
      'scipy.spatial.ckdtree': 'cKDTree',
      'scipy.spatial._kdtree': 'KDTree',
      'scipy.spatial.transform._rotation': 'Rotation',
      'scipy.interpolate._interpolate': 'BPoly PPoly interp1d',
      'scipy.interpolate.interpolate': 'BPoly PPoly interp1d',
      'scipy.interpolate._bsplines': 'BSpline',
      'scipy.interpolate._cubic': 'Akima1DInterpolator CubicHermiteSpline CubicSpline PchipInterpolator',
      'scipy.interpolate._fitpack2':
        'InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline SmoothBivariateSpline UnivariateSpline',
      'scipy.interpolate._rgi': 'RegularGridInterpolator',
      'scipy.optimize._optimize': 'OptimizeResult',
    },
  },
  {
    may: ['new', 'items'],
    names: { 'scipy.optimize._optimize': 'OptimizeResult', 'scipy.optimize.optimize': 'OptimizeResult' },
  },
  {
    may: ['import'],
    names: {
      'scipy.special._ufuncs': 'expit logit xlogy gammaln',
      'scipy.special': 'expit logit',
      'scipy._lib.array_api_compat.numpy._aliases': 'asarray',
      'scipy.interpolate._interpolate':
        'interp1d._call_linear interp1d._call_linear_np interp1d._call_nan_spline interp1d._call_nearest interp1d._call_previous_next interp1d._call_spline',
    },
  },
]
