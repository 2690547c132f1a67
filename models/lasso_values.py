#!/usr/bin/env python3
"""Softmax regression under L1 by scikit-learn: python3 models/lasso_values.py > models/lasso_values.json (made with 1.9.1)."""
import json, math, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

rows, inputs, classes = 60, 8, 3
x = np.array([[round(2 * math.sin(3 * i + 5 * j * j + i * j), 2) for j in range(inputs)] for i in range(rows)])
score = np.stack([x[:, 0] + 0.5 * x[:, 1], x[:, 2] - x[:, 3], 0.7 * x[:, 4] - x[:, 0]], 1)
score += np.array([[math.sin(11 * i + k) for k in range(classes)] for i in range(rows)])
y = score.argmax(1)


def fitted(penalty):
    """The minimum of mean log loss + penalty |W|, intercepts free."""
    model = LogisticRegression(C=1 / (rows * penalty), l1_ratio=1, solver="saga", tol=1e-9, max_iter=1_000_000, random_state=1)
    model.fit(x, y)
    weights = model.coef_.T
    return dict(penalty=penalty, weights=weights.tolist(), count=int((abs(weights) > 1e-7).sum()),
                loss=log_loss(y, model.predict_proba(x)), right=float(model.score(x, y)))


path = [fitted(0.01 * 1.15 ** k) for k in range(22)]
json.dump(dict(x=x.tolist(), y=y.tolist(), path=path), sys.stdout)
