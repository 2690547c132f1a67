#!/usr/bin/env python3
"""Metrics of fixed scores by scikit-learn: python3 reports/sklearn_values.py > reports/sklearn_values.json (made with 1.9.1)."""
import json, math, sys
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, log_loss, mean_absolute_error
from sklearn.metrics import precision_recall_fscore_support, r2_score, roc_auc_score, root_mean_squared_error

rows, classes = 60, 4
z = np.array([[round(3 * math.sin(7 * i + 3 * j * j + 1), 1) for j in range(classes)] for i in range(rows)])  # rounded: ties
truth = np.array([(i * i + i // 7) % classes for i in range(rows)])
p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
onehot = np.eye(classes)[truth]
labels = np.array([[1 if math.sin(i + 5 * j) > 0.2 else 0 for j in range(classes)] for i in range(rows)])
q = 1 / (1 + np.exp(-z))
a = np.array([[math.sin(i), 5 + math.cos(2 * i)] for i in range(rows)])
b = a + 0.1 * np.array([[math.cos(5 * i), math.sin(3 * i)] for i in range(rows)])


def judged(true, probabilities):
    """Log loss and Brier score of probabilities of class 1, or of all classes; the frequency and mean probability of each bin."""
    top = probabilities if probabilities.ndim == 1 else probabilities.max(1)
    came_true = true if probabilities.ndim == 1 else probabilities.argmax(1) == true
    frequency, confidence = calibration_curve(came_true, top, n_bins=10)
    return dict(logLoss=log_loss(true, probabilities), brier=brier_score_loss(true, probabilities),
                frequency=frequency.tolist(), confidence=confidence.tolist())


def each(true, predicted):
    """Precision, recall, F1 and support of each class."""
    return [dict(zip(("precision", "recall", "f1", "support"), map(float, row)))
            for row in zip(*precision_recall_fscore_support(true, predicted))]


two = truth // 2  # the first half of the classes against the second
p2 = np.exp(z[:, :2]) / np.exp(z[:, :2]).sum(1, keepdims=True)
json.dump(dict(
    z=z.tolist(), truth=truth.tolist(), labels=labels.tolist(), numbers=a.tolist(), predicted=b.tolist(),
    confusion=confusion_matrix(truth, z.argmax(1)).tolist(),
    classes=dict(f1Micro=f1_score(truth, z.argmax(1), average="micro"), f1Macro=f1_score(truth, z.argmax(1), average="macro"),
                 aucMicro=roc_auc_score(onehot, p, average="micro"), aucMacro=roc_auc_score(onehot, p, average="macro")),
    multilabel=dict(f1Micro=f1_score(labels, q >= 0.6, average="micro"), f1Macro=f1_score(labels, q >= 0.6, average="macro"),
                    aucMicro=roc_auc_score(labels, q, average="micro"), aucMacro=roc_auc_score(labels, q, average="macro")),
    perClass=each(truth, z.argmax(1)), classProbabilities=judged(truth, p), twoProbabilities=judged(two, p2),
    twoF1=f1_score(two, p2[:, 1] >= 0.3, average="micro"),
    perLabel=[dict(each(labels[:, j], q[:, j] >= 0.6)[1], confusion=confusion_matrix(labels[:, j], q[:, j] >= 0.6).tolist(),
                   **judged(labels[:, j], q[:, j])) for j in range(classes)],
    perOutput=[dict(rmse=root_mean_squared_error(a[:, j], b[:, j]), r2=r2_score(a[:, j], b[:, j]),
                    mae=mean_absolute_error(a[:, j], b[:, j])) for j in range(2)],
    regression=dict(rmse=math.sqrt(((a - b) ** 2).mean()), r2=r2_score(a, b), mae=mean_absolute_error(a, b)),
), sys.stdout)
