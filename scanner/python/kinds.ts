import type { CallKind } from './types.ts'

/** Callables by what they do. Source: documentation of the standard library and of the packages named. */
const exact = new Map<string, CallKind>()

function names(kind: CallKind, module: string, list: string): void {
  for (const name of list.split(' ')) exact.set(module === '' ? name : `${module}.${name}`, kind)
}

for (const os of ['os', 'posix', 'nt', '_posixsubprocess'])
  names(
    'process',
    os,
    'system popen popen2 popen3 popen4 startfile execl execle execlp execlpe execv execve execvp execvpe spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe posix_spawn posix_spawnp forkpty fork_exec',
  )
names('process', 'subprocess', 'Popen run call check_call check_output getoutput getstatusoutput')
names('process', 'pty', 'spawn fork')
names('process', 'commands', 'getoutput getstatusoutput')
names('process', 'asyncio', 'create_subprocess_shell create_subprocess_exec')
names(
  'process',
  '',
  'platform.popen pexpect.spawn pexpect.run pexpect.runu fabric.Connection invoke.run webbrowser.open antigravity.geohash',
)
names('process', 'distutils.spawn', 'spawn')
names('process', 'multiprocessing.util', 'spawnv_passfds')
names('code', 'builtins', 'eval exec execfile')
names('code', 'code', 'interact InteractiveConsole InteractiveInterpreter')
names('code', 'runpy', 'run_module run_path _run_code')
names('code', 'types', 'CodeType FunctionType')
names('code', 'imp', 'load_source load_dynamic load_module load_compiled')
names('code', 'timeit', 'timeit repeat Timer')
names('code', 'cProfile', 'run runctx')
names('code', 'profile', 'run runctx')
names('code', 'pdb', 'run runeval runcall')
names(
  'code',
  '',
  'bdb.Bdb.run trace.Trace.run numexpr.evaluate importlib.machinery.SourceFileLoader importlib.util.spec_from_file_location importlib.util.module_from_spec codeop.compile_command pip.main pip._internal.main pip._internal.cli.main.main',
)
names('native', 'ctypes', 'CDLL PyDLL WinDLL OleDLL cdll.LoadLibrary windll.LoadLibrary pydll.LoadLibrary')
names('native', 'torch.utils.cpp_extension', 'load load_inline')
names(
  'native',
  '',
  'torch.ops.load_library torch.classes.load_library tensorflow.load_op_library tensorflow.load_library importlib.machinery.ExtensionFileLoader _ctypes.dlopen cffi.FFI().dlopen numpy.ctypeslib.load_library numba.core.ccallback jax.ffi.register_ffi_target',
)
for (const module of ['pickle', 'cPickle', '_pickle', 'dill', 'cloudpickle', 'pickle5', 'marshal'])
  names('unpickle', module, 'load loads Unpickler Unpickler().load')
names(
  'unpickle',
  '',
  'joblib.load sklearn.externals.joblib.load shelve.open pandas.read_pickle jsonpickle.decode jsonpickle.loads yaml.unsafe_load yaml.full_load yaml.load_all yaml.unsafe_load_all torch.package.PackageImporter keras.config.enable_unsafe_deserialization keras.saving.enable_unsafe_deserialization',
)
names(
  'load-weights',
  '',
  'torch.load torch.jit.load torch.hub.load_state_dict_from_url numpy.load keras.models.load_model tensorflow.keras.models.load_model',
)
names('send', 'socket', 'socket create_connection create_server')
names('send', 'requests', 'post put patch delete')
names('send', 'httpx', 'post put patch delete')
names(
  'send',
  '',
  'requests.Session().post requests.Session().put httpx.Client().post aiohttp.ClientSession().post urllib.request.Request http.client.HTTPConnection http.client.HTTPSConnection ftplib.FTP ftplib.FTP_TLS smtplib.SMTP smtplib.SMTP_SSL telnetlib.Telnet paramiko.SSHClient websocket.create_connection websocket.WebSocketApp websockets.connect xmlrpc.client.ServerProxy asyncio.open_connection asyncio.start_server asyncio.create_server socketserver.TCPServer dns.resolver.resolve imaplib.IMAP4 poplib.POP3 nntplib.NNTP socket.gethostbyname socket.getaddrinfo',
)
names(
  'fetch',
  '',
  'requests.get requests.head requests.request requests.Session httpx.get httpx.request httpx.stream httpx.Client httpx.AsyncClient aiohttp.ClientSession aiohttp.request urllib.request.urlopen urllib.request.urlretrieve urllib.request.build_opener urllib.request.URLopener urllib.urlopen urllib.urlretrieve urllib2.urlopen urllib3.PoolManager urllib3.request wget.download pycurl.Curl gdown.download torch.hub.download_url_to_file',
)
names('write', 'os', 'remove unlink rename replace chmod chown link symlink truncate removedirs mkfifo kill putenv')
names('write', 'shutil', 'move copyfile copy copy2 copytree chown unpack_archive')
names('sensitive', '', 'torch.from_file')
names('remove', '', 'shutil.rmtree')
names('remote-code', '', 'torch.hub.load')

/** What calling this name does; undefined when it is nothing that matters. */
export function kindOf(name: string): CallKind | undefined {
  return exact.get(name) ?? (name.startsWith('builtins.') ? exact.get(name.slice('builtins.'.length)) : undefined)
}

/** Modules in which an attribute of a computed name is a hidden one. */
export const sensitiveModules: ReadonlySet<string> = new Set(
  'os posix nt subprocess builtins __builtin__ sys importlib ctypes pickle marshal shutil socket pty runpy'.split(' '),
)

/** Calls that turn bytes into other bytes: what they give is hidden from whoever reads the source. */
export const decoders: ReadonlySet<string> = new Set(
  'base64.b64decode base64.b32decode base64.b16decode base64.b85decode base64.a85decode base64.urlsafe_b64decode base64.standard_b64decode base64.decodebytes base64.decodestring codecs.decode codecs.getdecoder() binascii.unhexlify binascii.a2b_hex binascii.a2b_base64 zlib.decompress gzip.decompress bz2.decompress lzma.decompress marshal.loads builtins.bytes.fromhex builtins.bytearray.fromhex bytes.fromhex cryptography.fernet.Fernet().decrypt'.split(
    ' ',
  ),
)

/** Calls whose result came from the network. */
export const fetchers = /^(requests|httpx|urllib\.request|urllib2|urllib3|urllib|aiohttp)\./

/** Places on a machine that no model needs. */
export const sensitivePath =
  /(\.ssh[/\\](id_|authorized_keys|known_hosts)|\.aws[/\\]credentials|[/\\]etc[/\\](passwd|shadow|sudoers|cron|ld\.so\.preload)|\.netrc|\.bash_history|\.(bashrc|zshrc|bash_profile)\b|\.docker[/\\]config\.json|\.kube[/\\]config|\.git-credentials|169\.254\.169\.254|metadata\.google\.internal|huggingface[/\\]token|Login Data|wallet\.dat|CurrentVersion\\Run\b)/

/** Commands of shells that no model needs. */
export const hostileCommand =
  /(\/dev\/tcp\/|\b(?:bash|sh|zsh) -i\b|\bnc(?:at)? (?:-\w+ )*-e\b|\b(?:curl|wget)\b[^|\n]{0,300}\|\s{0,4}(?:sudo )?(?:ba|z)?sh\b|\bbase64 (?:-d|--decode|-D)\b[^|\n]{0,200}\|\s{0,4}(?:ba)?sh\b|\brm -rf? [/~]|\bpowershell\b[^\n]{0,100}-e(?:nc|ncodedcommand)?\b|\bmkfifo\b|crontab -)/i
