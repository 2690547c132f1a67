"""The rivals of the tables: scikit-learn on the matrices that `npm run tables -- FOLDER --export OUT` wrote.

    python3 reproduction/sklearn/tables.py OUT

Linear models (logistic regression, C; ridge regression, alpha) and an MLP of 100 hidden neurons (alpha) learn from the
training rows; the setting is chosen by the score on the validation rows (of equal ones by the log loss there), and the
chosen one answers the test rows. Numbers are learned standardised by the training rows. Each finished table and seed is
written to tables.json at once; a second run does what is missing, or was learned from other matrices.
"""

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import json
import pathlib
import platform
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor

warnings.simplefilter("ignore", ConvergenceWarning)
STRENGTHS = [0.01, 0.1, 1, 10, 100]
ALPHAS = [1e-4, 1e-2, 1]
RESULT = pathlib.Path(__file__).with_suffix(".json")


def parts(folder, header):
    """Inputs and answers of training, validation and test rows."""
    data = np.fromfile(folder / f"{header['table']}.{header['seed']}.f64", dtype="<f8")
    width = 1 if header["kind"] == "classes" else header["outputs"]
    assert width == 1, "one class or one number a row"
    at = 0
    for rows in header["rows"]:
        x = data[at : at + rows * header["inputs"]].reshape(rows, header["inputs"])
        at += x.size
        yield x, data[at : at + rows]
        at += rows


def chosen(models, learn, watch, judge, classes):
    """The model of the best validation score, with what it scores on validation and test rows."""
    best = None
    for setting, model in models:
        model.fit(*learn)
        score = model.score(*watch)
        loss = log_loss(watch[1], model.predict_proba(watch[0]), labels=model.classes_) if classes else 0
        if best is None or (score, -loss) > best[0]:
            best = ((score, -loss), setting, model)
    (score, _), setting, model = best
    return {"setting": setting, "validation": score, "test": model.score(*judge)}, model


def unit(folder, header):
    classes = header["kind"] == "classes"
    learn, watch, judge = parts(folder, header)
    if not classes:
        mean, deviation = learn[1].mean(), learn[1].std()
        learn, watch, judge = [(x, (y - mean) / deviation) for x, y in (learn, watch, judge)]
    if classes:
        linear = [(c, LogisticRegression(C=c, max_iter=5000)) for c in STRENGTHS]
    else:
        linear = [(a, Ridge(alpha=a)) for a in STRENGTHS]
    kind = MLPClassifier if classes else MLPRegressor
    mlps = [
        (a, kind(hidden_layer_sizes=(100,), alpha=a, max_iter=1000, random_state=header["seed"])) for a in ALPHAS
    ]
    start = time.perf_counter()
    first, _ = chosen(linear, learn, watch, judge, classes)
    second, mlp = chosen(mlps, learn, watch, judge, classes)
    second["weights"] = int(sum(w.size for w in mlp.coefs_))
    return {
        "table": header["table"],
        "seed": header["seed"],
        "matrices": header["matrices"],
        "linear": first,
        "mlp": second,
        "seconds": round(time.perf_counter() - start, 1),
    }


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(": ")[1] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def write(found):
    """All that is known, whole or not at all."""
    made = {
        "command": "python3 reproduction/sklearn/tables.py OUT",
        "processor": processor(),
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
        "linear": f"LogisticRegression, C of {STRENGTHS}, max_iter 5000; Ridge, alpha of {STRENGTHS}",
        "mlp": f"100 hidden neurons, alpha of {ALPHAS}, max_iter 1000, random_state the seed",
    }
    rows = ",\n".join(json.dumps(found[key]) for key in sorted(found))
    aside = RESULT.with_suffix(".part")
    aside.write_text(f'{{"made": {json.dumps(made)},\n"results": [\n{rows}\n]}}\n')
    aside.replace(RESULT)


def main(folder):
    headers = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    headers.sort(key=lambda h: (sum(h["rows"]) * h["inputs"], h["seed"]))  # small tables first
    found = {}
    if RESULT.exists():
        found = {(u["table"], u["seed"]): u for u in json.loads(RESULT.read_text())["results"]}
    for number, header in enumerate(headers):
        key = (header["table"], header["seed"])
        if found.get(key, {}).get("matrices") == header["matrices"]:
            continue
        found[key] = unit(folder, header)
        write(found)
        print(f"{number + 1} of {len(headers)}: {found[key]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
