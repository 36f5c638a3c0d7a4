/** Calls that run code, start programs, load libraries or reach the network, as Python and JavaScript write them. */
const calls =
  /(?<![\w.])(?:__import__|eval|exec|execfile|compile)\s{0,8}\(|\bos\s{0,4}\.\s{0,4}(?:system|popen|exec[lv]\w{0,2}|spawn\w{0,3}|remove|unlink)\s{0,8}\(|\bsubprocess\s{0,4}\.\s{0,4}\w{1,16}|\bimportlib\s{0,4}\.\s{0,4}import_module|\b(?:pickle|marshal|dill|cloudpickle)\s{0,4}\.\s{0,4}loads?\b|\bimport\s{1,8}(?:os|sys|subprocess|socket|ctypes|pty|shutil)\b|\bsocket\s{0,4}\.\s{0,4}socket\b|\burllib\.request\b|\brequests\.(?:get|post)\s{0,8}\(|\bbase64\.b64decode\s{0,8}\(|\b__(?:subclasses|globals|builtins|class|mro)__\b|\bRuntime\.getRuntime\s{0,4}\(|\bProcessBuilder\s{0,4}\(|\bchild_process\b|<script\b|(?:\/bin\/(?:ba)?sh\b)|\bpowershell(?:\.exe)?\b|\b(?:curl|wget)\s{1,8}(?:-\w{1,8}\s{1,8}){0,4}https?:/i

const maxText = 256 * 1024

/** The first piece of text that reads as a call of code where data is expected, else undefined. Looks at the first 256 Ki characters. */
export function looksLikeCode(text: string): string | undefined {
  return calls.exec(text.slice(0, maxText))?.[0]
}
