/** How a file of Python takes rows: by name or in order, as numbers or as a table's cells. */
import type { ProgramTable } from '../program.js'
import { pythonCells } from './cells.js'
import { pythonList } from './text.js'

const columns = String.raw`
def _shown(value):
    """A cell or a name, for messages."""
    return repr(value.item() if isinstance(value, np.generic) else value)[:60]


def _named(X):
    """Whether the columns of X have names: a DataFrame, or a list of dicts."""
    return hasattr(X, "columns") or (len(X) > 0 and isinstance(X[0], dict))


def _columns(X):
    """The cells of X by the columns of NAMES; None for a column that X does not have."""
    if hasattr(X, "columns"):
        there = {str(name): name for name in X.columns}
        found = [np.asarray(X[there[name]]) if name in there else None for name in NAMES]
        for name, cells in zip(NAMES, found):
            if cells is not None and cells.ndim != 1:
                raise ValueError(f"two columns are called {_shown(name)}: give every column its own name")
    else:
        for i, row in enumerate(X):
            if not isinstance(row, dict):
                raise ValueError(f"row {i + 1}: {_shown(row)} is no dict, as the first row is")
        there = set().union(*X)
        found = [[row.get(name) for row in X] if name in there else None for name in NAMES]
    if all(cells is None for cells in found):
        raise ValueError(f"all {len(NAMES)} columns that the network needs are missing: {', '.join(map(_shown, NAMES[:5]))}")
    return found


def _row(row, i):
    """A row that is a sequence of as many cells as there are columns."""
    if isinstance(row, (str, bytes, dict)) or not hasattr(row, "__len__") or len(row) != len(NAMES):
        raise ValueError(f"row {i + 1}: {_shown(row)} is no sequence of {len(NAMES)} cells, one for each column")
    return row

`

const numbers = String.raw`
def _matrix(rows, first):
    """Rows as numbers [rows, inputs]."""
    try:
        made = np.asarray(rows, dtype=float)
        if made.ndim == 2 and made.shape[1] == N_INPUTS and np.isfinite(made).all():
            return made
    except (TypeError, ValueError, OverflowError):
        pass
    for i, row in enumerate(rows, first):
        for name, cell in zip(NAMES, _row(row, i)):
            try:
                sound = np.isfinite(float(cell))
            except (TypeError, ValueError, OverflowError):
                sound = False
            if not sound:
                raise ValueError(f"row {i + 1}, column {_shown(name)}: {_shown(cell)} is not a finite number")
    raise ValueError(f"give rows of {N_INPUTS} numbers each")


def _reader(X):
    """A function that gives the rows from one to another as inputs [rows, N_INPUTS]."""
    if not _named(X):
        return lambda start, stop: _matrix(X[start:stop], start)
    found = _columns(X)
    for name, cells in zip(NAMES, found):
        if cells is None:
            raise ValueError(f"column {_shown(name)} is missing")
    return lambda start, stop: _matrix(list(zip(*(cells[start:stop] for cells in found))), start)

`

const table = String.raw`
def _encoded(found, start, stop):
    """Cells of some rows as inputs [rows, N_INPUTS]: numbers as they are, words one by one, gaps filled and marked."""
    made = np.zeros((stop - start, N_INPUTS))
    at = 0
    for code, read, cells in zip(COLUMNS, _READERS, found):
        said = np.full(stop - start, np.nan) if cells is None else read(cells[start:stop], start)
        gaps, unknown = np.isnan(said), np.isinf(said)
        if code["as"] == "words":
            there = np.flatnonzero(~gaps & ~unknown)
            made[there, at + said[there].astype(int)] = 1
            at += len(code["words"])
        else:
            said[gaps | unknown] = code["fill"]
            made[:, at] = said
            at += 1
            for cycle in code.get("cycles", []):
                angles = 2 * np.pi * _turns(cycle, said)
                made[:, at], made[:, at + 1] = np.sin(angles), np.cos(angles)
                at += 2
        if code["marked"]:
            made[:, at] = gaps
            at += 1
    return made


def _reader(X):
    """A function that gives the rows from one to another as inputs [rows, N_INPUTS]."""
    if _named(X):
        found = _columns(X)
    elif isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] == len(NAMES):
        found = list(X.T)
    else:
        found = list(zip(*(_row(row, i) for i, row in enumerate(X))))
    return lambda start, stop: _encoded(found, start, stop)

`

/** What the columns of rows are called; of a table, what its cells mean, and those that mean missing. */
export const pythonColumns = (names: readonly string[], given: ProgramTable | undefined): string => {
  if (given === undefined) return `# inputs, in their order\nNAMES = ${pythonList(names)}\n`
  return `# columns in their order, and how each becomes inputs
COLUMNS = ${pythonList(given.encoding)}
NAMES = [code["column"] for code in COLUMNS]
# cells that mean missing, beside the usual marks
MISSING = ${pythonList(given.missing)}
`
}

/** The functions that read rows. */
export const pythonReader = (given: ProgramTable | undefined): string =>
  given === undefined ? columns + numbers : columns + pythonCells(given.encoding) + table
