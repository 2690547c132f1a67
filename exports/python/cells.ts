/** How a file of Python reads cells: the definitions of data/cells.ts and data/meaning.ts once more. */
import { missingMarks, missingNumberMarks, plainFormat } from '../../data/cells.js'
import type { Encoding } from '../../data/codes.js'
import { noWords, yesWords } from '../../data/meaning.js'
import { pythonDates } from './dates.js'
import { pythonValue } from './text.js'

const cells = String.raw`
_GAPS = set(${pythonValue(missingMarks)})
_NUMBER_GAPS = set(${pythonValue(missingNumberMarks)})
_MARKS = set(MISSING)
_BLANK = "[\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_YES_OR_NO = {
    **dict.fromkeys(${pythonValue(yesWords)}, 1.0),
    **dict.fromkeys(${pythonValue(noWords)}, 0.0),
}


def _is_gap(text, marks=frozenset()):
    """Whether a text says that its value is missing."""
    return (len(text) <= 7 and text.lower() in _GAPS) or text in marks or text in _MARKS


def _text(cell):
    """A cell as a table would have it, nothing for a gap: 5 for 5.0, as a column of numbers with gaps makes of it."""
    if isinstance(cell, str):
        return cell
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    if isinstance(cell, (numbers.Number, np.datetime64)):
        if cell != cell:
            return ""
        whole = isinstance(cell, numbers.Real) and abs(cell) < 1e21 and cell == int(cell)
        return str(int(cell)) if whole else str(cell)
    return str(cell) if isinstance(cell, datetime.date) else None


def _each(read, kind, name):
    """Reads the cells of a column: NaN for a gap, infinity for a word unknown, else what a cell says, by read."""

    def column(cells, first):
        said = np.empty(len(cells))
        for i, cell in enumerate(cells):
            value = read(cell)
            if value is None:
                raise ValueError(f"row {first + i + 1}, column {_shown(name)}: {_shown(cell)} is not {kind}")
            said[i] = value
        return said

    return column


def _word_reader(code):
    index = {word: float(k) for k, word in enumerate(code["words"])}

    def read(cell):
        text = _text(cell)
        if text is None or text in index:
            return index.get(text)
        if not isinstance(cell, str) and str(cell) in index:
            return index[str(cell)]
        return np.nan if _is_gap(text) else np.inf

    return _each(read, "a cell of a table", code["column"])


def _yes_reader(code):
    def read(cell):
        text = _text(cell)
        if text is None:
            return None
        return np.nan if _is_gap(text) else _YES_OR_NO.get(text.lower(), np.inf)

    return _each(read, "a cell of a table", code["column"])


_PLAIN = re.compile("[-+\u2212]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][-+]?[0-9]+)?")


def _plain_number(text):
    """A number of digits and a point; None if it is none."""
    bare = "-" + text[1:-1] if text.startswith("(") and text.endswith(")") else text
    return float(bare.replace("\u2212", "-")) if _PLAIN.fullmatch(bare) else None

`

const PLAIN = pythonValue(plainFormat)
const FORMATTED = `_plain_number if code.get("format", ${PLAIN}) == ${PLAIN} else _formatted_number(code["format"])`

const numberCells = String.raw`
def _number_reader(code):
    of_text = FORMATTED
    marks = [value for value in map(_plain_number, MISSING) if value is not None]

    def read(cell):
        if isinstance(cell, numbers.Number) and not isinstance(cell, bool):
            try:
                value = float(cell)
            except (TypeError, OverflowError):
                return None
            return np.nan if value in marks else None if np.isinf(value) else value
        text = _text(cell)
        if text is None:
            return None
        if _is_gap(text, _NUMBER_GAPS):
            return np.nan
        value = of_text(text)
        return None if value is None or np.isinf(value) else value

    slow = _each(read, "a finite number", code["column"])

    def column(cells, first):
        if getattr(cells, "dtype", None) is None or cells.dtype.kind not in "iuf" or np.isinf(cells).any():
            return slow(cells, first)
        said = cells.astype(float)
        said[np.isin(said, marks)] = np.nan
        return said

    return column

`

const formats = String.raw`
_MONEY = "$\u00a2-\u00a5\u058f\u060b\u07fe\u07ff\u09f2\u09f3\u09fb\u0af1\u0bf9\u0e3f\u17db\u20a0-\u20cf\ua838"
_MONEY += "\ufdfc\ufe69\uff04\uffe0\uffe1\uffe5\uffe6\U00011fdd-\U00011fe0\U0001e2ff\U0001ecb0"
_UNIT = re.compile(
    f"([-+\u2212(]?){_BLANK}*([{_MONEY}]|[A-Z]{{3}}(?={_BLANK}?[0-9.,+-]))?{_BLANK}*"
    f"([^%{_MONEY}A-Z]*?){_BLANK}*(%|[{_MONEY}]|[A-Z]{{3}})?([)]?)"
)


def _formatted_number(form):
    """Reads numbers that have units, thousands or decimal commas, the same way in every cell."""
    decimal, group, unit = form["decimal"], form["group"], form["unit"]
    point = re.escape(decimal)
    whole = f"(?:[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}})+|[0-9]+)" if group else "[0-9]+"
    part = f"(?:{point}[0-9]*)?" if group else f"(?:{point}[0-9]*)?|{point}[0-9]+"
    shape = re.compile(f"[-+]?(?:{whole}{part})(?:[eE][-+]?[0-9]+)?")

    def read(text):
        found = _UNIT.fullmatch(re.sub("[\u00a0\u202f\u2009]", " ", text)) if len(text) <= 64 else None
        if not found:
            return None
        sign, before, digits, after, closed = (part or "" for part in found.groups())
        if not digits or (before and after) or (sign == "(") != (closed == ")") or before + after != unit:
            return None
        signed = ("-" if sign in ("(", "\u2212") else sign) + digits
        if not shape.fullmatch(signed):
            return None
        return float((signed.replace(group, "") if group else signed).replace(decimal, ".", 1))

    return read

`

/** The functions that read the cells of an encoding's columns; those of dates and of formats where it has any. */
export const pythonCells = (encoding: Encoding): string => {
  const formatted = encoding.some(code => code.as === 'number' && code.format !== undefined)
  const dated = encoding.some(code => code.as === 'date')
  const numbers = numberCells.replace('FORMATTED', () => (formatted ? FORMATTED : '_plain_number'))
  return `${cells}${formatted ? formats : ''}${numbers}${dated ? pythonDates : ''}
_KINDS = {"number": _number_reader, "yes/no": _yes_reader, "words": _word_reader${dated ? ', "date": _date_reader' : ''}}
_READERS = [_KINDS[code["as"]](code) for code in COLUMNS]

`
}
