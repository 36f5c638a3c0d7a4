#!/usr/bin/env python3
"""Lists what a Python library pickles by name, for scanner/globals/allowed. It decides nothing: a person reads what it marks.

    python3 scripts/allowed-globals.py sklearn scipy.sparse

Prints three lists, each `module: names`:
  plain     classes whose state Python itself copies into them: safe to make without a constructor and to give a state
  own       classes with a __setstate__, __reduce__ or __new__ of their own: read it before listing the class
  function  helpers of extension modules that rebuild their classes
Classes of tests, of vendored packages and exceptions are left out.
"""
import importlib
import inspect
import pkgutil
import sys
import warnings

SKIPPED = ("tests", "test", "conftest", "externals", "_build_utils", "_external", "experimental", "_testing", "benchmarks")
HOOKS = ("__setstate__", "__reduce__", "__reduce_ex__", "__new__", "__getnewargs__", "__getnewargs_ex__")
# Their hooks were read: state is copied into the instance, nothing else is done with it.
KNOWN = {"sklearn.base.BaseEstimator", "builtins.object", "sklearn.utils._bunch.Bunch", "scipy.sparse._base._spbase"}


def modules(root):
    package = importlib.import_module(root)
    yield root, package
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), root + "."):
        if any(part in SKIPPED or part.startswith("test_") for part in found.name.split(".")):
            continue
        try:
            yield found.name, importlib.import_module(found.name)
        except BaseException:  # Modules that need what is not installed.
            continue


def own_hooks(cls):
    hooks = set()
    for base in cls.__mro__:
        if f"{base.__module__}.{base.__qualname__}" in KNOWN or base in (dict, list, tuple, set):
            continue
        hooks |= {hook for hook in HOOKS if hook in vars(base)}
    return hooks


def main(roots):
    warnings.simplefilter("ignore")
    lists = {"plain": {}, "own": {}, "function": {}}
    for root in roots:
        for name, module in modules(root):
            for key, value in sorted(vars(module).items()):
                if key.startswith("__pyx_unpickle_") or key == "newObj":
                    lists["function"].setdefault(name, []).append(key)
                if not inspect.isclass(value) or value.__module__ != name or value.__qualname__ != key:
                    continue
                if issubclass(value, BaseException) or inspect.isabstract(value) and key.startswith("Base"):
                    continue
                hooks = own_hooks(value)
                lists["own" if hooks else "plain"].setdefault(name, []).append(
                    f"{key}({' '.join(sorted(hooks))})" if hooks else key
                )
    for kind, found in lists.items():
        print(f"# {kind}")
        for name in sorted(found):
            print(f"{name}: {' '.join(found[name])}")


main(sys.argv[1:])
