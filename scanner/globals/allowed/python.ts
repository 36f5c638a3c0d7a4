import type { AllowedGroup } from '../types.ts'

const exceptions =
  'ArithmeticError AssertionError AttributeError BaseException BufferError EOFError Exception FileNotFoundError FloatingPointError ImportError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError Warning DeprecationWarning FutureWarning RuntimeWarning UserWarning ZeroDivisionError'

const paths = 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'

/** The standard library: data types, and the helpers that pickling itself writes. Source: CPython 3.8 to 3.14, Lib and Modules. */
export const pythonAllowed: readonly AllowedGroup[] = [
  {
    may: ['call', 'new', 'build', 'items', 'append'],
    when: 'data',
    names: { builtins: 'list dict set frozenset tuple bytearray bytes int float complex bool str slice range object' },
  },
  { may: ['call', 'new', 'build'], names: { builtins: exceptions } },
  { may: ['call'], when: 'one', names: { builtins: 'type' } },
  { may: ['import'], names: { builtins: 'NotImplemented Ellipsis None True False' } },
  {
    may: ['call', 'new', 'build', 'items', 'append'],
    names: { collections: 'OrderedDict Counter deque ChainMap UserDict UserList UserString' },
  },
  { may: ['call', 'new', 'build', 'items'], when: 'callables', names: { collections: 'defaultdict' } },
  {
    may: ['call', 'new', 'build'],
    names: {
      datetime: 'date datetime time timedelta timezone',
      _pydatetime: 'date datetime time timedelta timezone',
      decimal: 'Decimal',
      _decimal: 'Decimal',
      _pydecimal: 'Decimal',
      fractions: 'Fraction',
      uuid: 'UUID SafeUUID',
      ipaddress: 'IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface',
      argparse: 'Namespace',
      types: 'SimpleNamespace',
      time: 'struct_time',
      random: 'Random',
      array: '_array_reconstructor array',
      io: 'BytesIO StringIO',
      _io: 'BytesIO StringIO',
      zoneinfo: 'ZoneInfo._unpickle',
      'dateutil.tz.tz': 'tzutc tzlocal tzoffset',
      pytz: '_p _UTC',
    },
  },
  { may: ['call'], names: { pathlib: paths, 'pathlib._local': paths } },
  {
    may: ['call'],
    when: 'data',
    names: {
      re: '_compile RegexFlag',
      operator: 'itemgetter',
      _operator: 'itemgetter',
      logging: 'getLogger',
      itertools: 'count repeat',
    },
  },
  { may: ['call', 'build'], when: 'global-first', names: { functools: 'partial' } },
  { may: ['call'], when: 'encode', names: { _codecs: 'encode', codecs: 'encode' } },
  // They make what their first argument names; BUILD then asks for that class.
  { may: ['call'], when: 'reconstruct', names: { copyreg: '_reconstructor' } },
  { may: ['call'], when: 'class-first', names: { copyreg: '__newobj__' } },
  {
    may: ['import'],
    names: {
      'collections.abc': 'Callable Iterable Iterator Mapping MutableMapping Sequence',
      typing: 'Any Callable Dict Iterable List Mapping Optional Sequence Set Tuple Union',
      math: 'cos exp floor ceil log log2 log10 sin sqrt tan tanh',
      zoneinfo: 'ZoneInfo',
      enum: 'Enum Flag IntEnum IntFlag StrEnum',
    },
  },
]
