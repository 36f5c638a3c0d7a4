const words = (text: string): string[] => text.trim().split(/\s+/)

/** Functions and classes within Keras that open files or addresses, load code, or switch protection off. */
export const dangerousInKeras: ReadonlySet<string> = new Set(
  words(`
get_file enable_unsafe_deserialization disable_unsafe_deserialization load_model save_model load_weights save_weights
load_weights_from_hdf5_group load_img save_img array_to_img image_dataset_from_directory text_dataset_from_directory
audio_dataset_from_directory timeseries_dataset_from_array model_from_json model_from_yaml model_from_config clone_model
deserialize_keras_object deserialize serialize_keras_object func_load func_dump plot_model model_to_dot extract_archive extract_open_archive
validate_file hash_file _hash_file _extract_archive _makedirs_exist_ok import_module run_cmd export export_archive ExportArchive TFSMLayer
load_and_migrate migrate legacy_load split_dataset pad_sequences_from_file CSVLogger ModelCheckpoint BackupAndRestore TensorBoard
RemoteMonitor LambdaCallback set_backend set_image_data_format python_utils function_ops py_function numpy_function`),
)

/** Functions of Python's `builtins` that run code, open files or reach attributes by name. */
export const dangerousBuiltins: ReadonlySet<string> = new Set(
  words(`exec eval compile open __import__ getattr setattr delattr globals locals vars input breakpoint exit quit help type super
memoryview execfile __build_class__ object map filter apply print dir callable classmethod staticmethod property`),
)

/** Modules (by their first name) that run programs or code, or reach files and the network. */
export const dangerousModules: ReadonlySet<string> = new Set(
  words(`
os posix nt ntpath posixpath subprocess _posixsubprocess pty sys shutil socket ssl http urllib urllib2 urllib3 requests httpx aiohttp ftplib
smtplib telnetlib poplib imaplib nntplib xmlrpc socketserver asyncio ctypes _ctypes cffi importlib _frozen_importlib imp runpy pkgutil
zipimport code codeop pdb bdb cProfile profile trace timeit marshal pickle _pickle cPickle dill cloudpickle joblib shelve copyreg
multiprocessing concurrent threading _thread signal webbrowser antigravity platform tempfile pathlib glob fileinput io _io codecs builtins
__builtin__ operator _operator functools types inspect ast dis sysconfig site distutils setuptools pip ensurepip venv idlelib lib2to3 test
unittest doctest pydoc commands popen2 sqlite3 dbm tarfile zipfile gzip bz2 lzma logging configparser readline rlcompleter getpass pwd grp
crypt resource mmap fcntl select selectors cmd curses gc weakref atexit warnings contextlib jinja2 mako yaml paramiko fabric boto3 pexpect
sh plumbum torch numpy_f2py git psutil`),
)

/** Functions of the TensorFlow API, as Keras 2 names them in `TFOpLambda`, that leave the graph. */
export const dangerousTensorflow =
  /^(?:tensorflow\.|tf\.)?(?:io\.(?!decode_|encode_|parse_|serialize_|deserialize_)|raw_ops\.(?:\w{0,32}File\w{0,16}|\w{0,32}Py\w{0,16}|Save\w{0,16}|Restore\w{0,16})|py_function|numpy_function|py_func|load_library|load_op_library|saved_model\.|summary\.|distribute\.|debugging\.(?:experimental|enable)|compat\.v1\.(?:py_func|gfile|train)|train\.|data\.|print$|lite\.|profiler\.)/
