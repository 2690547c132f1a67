/** Values as Python writes them. Names come from strangers' files: nothing of them but what a literal holds gets into code. */

/** Characters that need an escape in a literal: all but printable ASCII without quote and backslash, and letters of Europe. */
const STRANGE = /[^ !#-[\]-~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f]/gu

const escaped = (character: string): string => {
  if (character === '"') return '\\"'
  const code = character.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** A text as a literal of Python, on one line, whatever is in it; lone surrogates stay what they are.
 * @example pythonText('a"b') // => '"a\\"b"'
 */
export const pythonText = (text: string): string => `"${text.replace(STRANGE, escaped)}"`

/** Plain data - texts, finite numbers, booleans, nothing, lists and records of them - as a literal of Python; fields that are
 * undefined are left out.
 * @example pythonValue({ fill: 0.5, marked: true, words: ['a'] }) // => '{"fill": 0.5, "marked": True, "words": ["a"]}'
 */
export const pythonValue = (value: unknown): string => {
  if (typeof value === 'string') return pythonText(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null || typeof value !== 'object') return 'None'
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([key, field]) => `${pythonText(key)}: ${pythonValue(field)}`).join(', ')}}`
}

/** Widest line of a list. */
const WIDTH = 116

/** Pieces one behind the other, in lines that are indented. */
const inLines = (pieces: readonly string[], between: string): string => {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && line.length + piece.length > WIDTH) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += `${piece}${between}`
  }
  return [...lines, line.trimEnd()].map(text => `    ${text}\n`).join('')
}

/** Values as a list of Python, in lines. */
export const pythonList = (values: readonly unknown[]): string =>
  values.length === 0 ? '[]' : `[\n${inLines(values.map(pythonValue), ', ')}]`

/** Numbers as a text of Python with blanks between them: a text is parsed at once, however many there are. */
export const pythonNumbers = (numbers: readonly number[]): string =>
  numbers.length === 0 ? '""' : `"""\n${inLines(numbers.map(String), ' ')}"""`

/** Names that a file of Python must not have: keywords, and modules that it would stand before where NumPy imports them. */
const taken: ReadonlySet<string> = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is lambda
  nonlocal not or pass raise return try while with yield abc argparse array ast asyncio base64 binascii bisect builtins bz2
  calendar cmath cmd code codecs collections compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes
  curses dataclasses datetime decimal difflib dis doctest email encodings enum errno faulthandler fileinput fnmatch fractions
  ftplib functools gc getopt getpass gettext glob graphlib gzip hashlib heapq hmac html http imaplib importlib inspect io
  ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap multiprocessing numbers
  numpy opcode operator optparse os pandas pathlib pdb pickle pickletools pkgutil platform plistlib posix pprint profile pstats
  pty pwd pydoc queue quopri random re readline resource runpy sched scipy secrets select selectors shelve shlex shutil signal
  site sklearn smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys
  sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize
  tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref
  webbrowser xml zipapp zipfile zipimport zlib zoneinfo`.split(/\s+/)
)

/** A module's name that hides no other.
 * @example ['digits', 'numbers'].map(moduleName) // => ['digits', 'numbers_network']
 */
export const moduleName = (name: string): string => (taken.has(name) ? `${name}_network` : name)
