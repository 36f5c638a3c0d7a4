/**
 * Callables that run programs or code, load native libraries or unpickle. Used to grade what configs and sources name, never to allow:
 * what is on neither list is unknown, which is high where it is called.
 * Source: documentation of the Python standard library and of the libraries named.
 */

/** Modules of which everything is dangerous to call, whatever the function. */
const modules: ReadonlySet<string> = new Set(
  `os posix nt subprocess pty popen2 runpy codeop importlib pkgutil pickle _pickle cPickle dill cloudpickle marshal
   shelve ctypes _ctypes cffi socket shutil webbrowser multiprocessing pdb bdb timeit cProfile pip ensurepip
   setuptools distutils idlelib lib2to3 telnetlib ftplib smtplib paramiko pexpect _posixsubprocess
   _winapi winreg msvcrt signal sys types inspect gc threading atexit asyncio concurrent jsonpickle`
    .trim()
    .split(/\s+/),
)

/** Exact names in modules that are otherwise fine. */
const names: ReadonlySet<string> = new Set(
  `code.interact code.InteractiveConsole code.InteractiveInterpreter imp.load_source imp.load_dynamic profile.run trace.Trace site.addpackage
   fabric.Connection invoke.run commands.getoutput commands.getstatusoutput builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.open builtins.getattr builtins.setattr builtins.delattr
   builtins.globals builtins.locals builtins.vars builtins.input builtins.breakpoint builtins.memoryview builtins.map builtins.filter
   __builtin__.eval __builtin__.exec __builtin__.compile __builtin__.__import__ __builtin__.open __builtin__.getattr __builtin__.execfile
   eval exec compile __import__ open getattr setattr globals breakpoint execfile
   torch.load torch.save torch.hub.load torch.hub.load_state_dict_from_url torch.hub.download_url_to_file torch.jit.load
   torch.serialization.load torch.package.PackageImporter torch.ops.load_library torch.classes.load_library
   torch.utils.cpp_extension.load torch.utils.cpp_extension.load_inline torch.multiprocessing.spawn torch.utils.data.datapipes.utils.decoder.basichandlers
   numpy.load numpy.memmap numpy.fromfile numpy.save numpy.savetxt numpy.testing.rundocs numpy.f2py.compile
   pandas.read_pickle pandas.eval pandas.DataFrame.eval pandas.DataFrame.query numexpr.evaluate sympy.sympify
   joblib.load joblib.Parallel sklearn.externals.joblib.load yaml.load yaml.unsafe_load yaml.full_load
   operator.attrgetter operator.methodcaller operator.itemgetter functools.partial functools.reduce
   hydra.utils.get_method hydra.utils.get_class hydra.utils.get_object hydra.utils.get_static_method hydra.utils.call
   hydra.utils.instantiate hydra._internal.utils._locate pydoc.locate pydoc.pipepager
   urllib.request.urlretrieve urllib.request.urlopen requests.get requests.post httpx.get httpx.post wget.download
   huggingface_hub.hf_hub_download huggingface_hub.snapshot_download tempfile.mktemp platform.popen
   keras.utils.get_file keras.models.load_model keras.config.enable_unsafe_deserialization keras.saving.load_model keras.layers.Lambda
   tensorflow.keras.utils.get_file tensorflow.keras.models.load_model tensorflow.load_op_library tensorflow.load_library
   tensorflow.py_function tensorflow.numpy_function tensorflow.io.write_file tensorflow.keras.layers.Lambda`
    .trim()
    .split(/\s+/),
)

/** Methods that load pickles or run code on whatever class carries them. */
const endings =
  /\.(load_from_checkpoint|restore_from|__reduce__|__reduce_ex__|__import__|system|popen|eval|exec|unsafe_load)$/

/** Modules that are dangerous inside libraries that are fine. Prefixes may stand here, because this list only grades. */
const parts =
  /^(torch\._inductor|torch\._dynamo|torch\.fx\.experimental|torch\.distributed\.(launch|run|rpc|elastic)|torch\.utils\.(bottleneck|_config_module|collect_env|cpp_extension)|numpy\.(f2py|distutils|testing)|tensorflow\.python\.(lib\.io|framework\.load_library|platform)|scipy\.weave)(\.|$)/

/** True when calling this dotted name runs programs or code, loads native code or unpickles. */
export function isDangerous(name: string): boolean {
  const first = name.split('.', 1)[0] ?? ''
  if (modules.has(first) && name.includes('.')) return !harmless.has(name)
  return names.has(name) || endings.test(name) || parts.test(name)
}

/** What is fine to name of modules that are otherwise dangerous. */
const harmless: ReadonlySet<string> = new Set([
  'types.SimpleNamespace',
  'types.MappingProxyType',
  'os.path.join',
  'os.path.basename',
  'os.path.dirname',
  'os.cpu_count',
])
