/** What a file of Python offers: a class that answers as estimators of scikit-learn do, and a command. */
import type { Program } from '../program.js'
import { pythonValue } from './text.js'

/** Classes as scikit-learn has them of the same column: whole numbers where all are written so, else texts. */
const classNames = ({ outputs }: Program): string => {
  const whole = outputs.every(({ name }) => String(Number(name)) === name && Number.isSafeInteger(Number(name)))
  return whole ? `np.array([${outputs.map(({ name }) => name).join(', ')}])` : 'np.array(OUTPUTS, dtype=object)'
}

const classesOf = (p: Program): string => {
  const { threshold } = p
  const decided = threshold === undefined ? 'z.argmax(axis=1)' : `(_probabilities(z)[:, 1] >= ${threshold}).astype(int)`
  return String.raw`
_CLASSES = ${classNames(p)}


def _probabilities(z):
    """Softmax, row by row."""
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


def _answers(z):
    """The class of each row."""
    return _CLASSES[${decided}]

`
}

const labelsOf = (threshold: number | undefined): string => String.raw`
def _probabilities(z):
    with np.errstate(all="ignore"):
        return _sigmoid(z)


def _answers(z):
    """Of each row and label whether it is given, 1 or 0."""
    return (_probabilities(z) >= ${threshold ?? 0.5}).astype(int)

`

const numbersOf = ({ outputs }: Program): string => {
  const answers = outputs.map(({ offset, factor }, j) =>
    factor === 0 ? `${offset} + 0 * z[:, ${j}]` : `${offset} + z[:, ${j}] / ${factor}`
  )
  return String.raw`
def _answers(z):
    """Numbers in their own units: [rows], or [rows, outputs] where there are several."""
    return ${answers.length === 1 ? String(answers[0]) : `np.stack([${answers.join(', ')}], axis=1)`}

`
}

const start = String.raw`
class Network:
    """Answers rows: a DataFrame, a list of dicts, or cells in the order of feature_names_in_."""

    def __init__(self):
        self.feature_names_in_ = np.array(NAMES, dtype=object)
        self.n_features_in_ = len(NAMES)
CLASSES
    def decision_function(self, X):
        """Outputs z [rows, outputs]. Raises ValueError where a cell makes no sense."""
        X = X if hasattr(X, "columns") or isinstance(X, np.ndarray) else list(X)
        if len(X) == 0:
            raise ValueError("there are no rows")
        reader = _reader(X)
        z = np.concatenate([_outputs(reader(at, min(at + _ROWS, len(X)))) for at in range(0, len(X), _ROWS)])
        wild = np.flatnonzero(~np.isfinite(z).all(axis=1))
        if len(wild) > 0:
            raise ValueError(f"row {wild[0] + 1} is too far from the rows that the network learned from")
        return z

    def predict(self, X):
        """PREDICT."""
        return _answers(self.decision_function(X))
`

const probabilities = String.raw`
    def predict_proba(self, X):
        """The probability of each of classes_, [rows, outputs]."""
        return _probabilities(self.decision_function(X))
`

const command = String.raw`

_BLANKS = "".join(map(chr, [*range(9, 14), 32, 160, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]))


def _main(path):
    """Answers the rows of a file: UTF-8, a header, as many cells in each row, with , ; or tabs between them."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        text = file.read()
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    records = [[cell.strip(_BLANKS) for cell in record] for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    names, *rows = [record for record in records if any(record)] or [[]]
    if len(set(names)) < len(names):
        raise ValueError("two columns have the same name")
    for i, row in enumerate(rows):
        if len(row) != len(names):
            raise ValueError(f"row {i + 1} has {len(row)} cells, the header {len(names)}")
    rows = [dict(zip(names, row)) for row in rows]
    z = Network().decision_function(rows)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    out = csv.writer(sys.stdout, lineterminator="\n")
WRITE


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: python {sys.argv[0]} ROWS.csv")
    try:
        _main(sys.argv[1])
    except (OSError, ValueError) as error:
        sys.exit(str(error))
`

const writes = ({ kind, targets }: Program): string => {
  const probable = (answers: string): string =>
    String.raw`    for answer, p in zip(${answers}, _probabilities(z).tolist()):
        out.writerow([*answer, *(f"{value:.7g}" for value in p)])`
  switch (kind) {
    case 'classes':
      return `    out.writerow([${pythonValue(targets[0] ?? 'class')}, *(f"p({name})" for name in OUTPUTS)])
${probable('_answers(z)[:, None]')}`
    case 'labels':
      return `    out.writerow([*OUTPUTS, *(f"p({name})" for name in OUTPUTS)])\n${probable('_answers(z)')}`
    case 'numbers':
      return `    out.writerow(OUTPUTS)
    for answer in _answers(z).reshape(len(z), -1).tolist():
        out.writerow([f"{value:.9g}" for value in answer])`
  }
}

const said: Readonly<Record<Program['kind'], string>> = {
  classes: 'The class of each row',
  labels: 'Of each row and label whether it is given, 1 or 0: [rows, labels]',
  numbers: 'Numbers in their own units: [rows], or [rows, outputs] where there are several'
}

/** The class `Network`, and what runs where the file is called as a command. */
export const pythonNetwork = (p: Program): string => {
  const [answers, more] =
    p.kind === 'numbers'
      ? [numbersOf(p), '']
      : [p.kind === 'classes' ? classesOf(p) : labelsOf(p.threshold), probabilities]
  const names = p.kind === 'classes' ? '_CLASSES' : 'np.array(OUTPUTS, dtype=object)'
  const classes = p.kind === 'numbers' ? '' : `        self.classes_ = ${names}\n`
  return [
    answers,
    start.replace('CLASSES\n', () => `${classes}\n`).replace('PREDICT', () => said[p.kind]),
    more,
    command.replace('WRITE', () => writes(p))
  ].join('')
}
