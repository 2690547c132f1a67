#!/usr/bin/env python3
"""Metrics of fixed scores by scikit-learn: python3 reports/sklearn_values.py > reports/sklearn_values.json (made with 1.9.0)."""
import json, math, sys
import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, mean_absolute_error, r2_score, roc_auc_score, root_mean_squared_error

rows, classes = 60, 4
z = np.array([[round(3 * math.sin(7 * i + 3 * j * j + 1), 1) for j in range(classes)] for i in range(rows)])  # rounded: ties
truth = np.array([(i * i + i // 7) % classes for i in range(rows)])
p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
onehot = np.eye(classes)[truth]
labels = np.array([[1 if math.sin(i + 5 * j) > 0.2 else 0 for j in range(classes)] for i in range(rows)])
q = 1 / (1 + np.exp(-z))
a = np.array([[math.sin(i), 5 + math.cos(2 * i)] for i in range(rows)])
b = a + 0.1 * np.array([[math.cos(5 * i), math.sin(3 * i)] for i in range(rows)])
json.dump(dict(
    z=z.tolist(), truth=truth.tolist(), labels=labels.tolist(), numbers=a.tolist(), predicted=b.tolist(),
    confusion=confusion_matrix(truth, z.argmax(1)).tolist(),
    classes=dict(f1Micro=f1_score(truth, z.argmax(1), average="micro"), f1Macro=f1_score(truth, z.argmax(1), average="macro"),
                 aucMicro=roc_auc_score(onehot, p, average="micro"), aucMacro=roc_auc_score(onehot, p, average="macro")),
    multilabel=dict(f1Micro=f1_score(labels, q >= 0.6, average="micro"), f1Macro=f1_score(labels, q >= 0.6, average="macro"),
                    aucMicro=roc_auc_score(labels, q, average="micro"), aucMacro=roc_auc_score(labels, q, average="macro")),
    regression=dict(rmse=math.sqrt(((a - b) ** 2).mean()), r2=r2_score(a, b), mae=mean_absolute_error(a, b)),
), sys.stdout)
