#!/usr/bin/env python3
"""Gradients and one Adam update of small SAGPs by PyTorch's autograd, Float64, from the paper's equations as they stand.

Made with PyTorch 2.13.0:  npm run build && node scripts/torch-cases.mjs | python3 properties/torch/values.py > properties/torch/values.json

Every neuron (inputs, hidden, outputs) is one column of x; a step is x <- act(x A + b) for all of them (M 7, 8). Nothing of the
engine's shortcuts is used.
"""
import json, sys
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ACT = dict(swish=F.silu, identity=lambda v: v, relu=F.relu, tanh=torch.tanh, sigmoid=torch.sigmoid,
           gelu=lambda v: F.gelu(v, approximate="tanh"))
NAMES = ["weights", "synapses", "biases", "neurons", "scale", "shift"]


def run(case):
    h, H = case["hyperparameters"], case["hidden"]
    t = {k: torch.tensor(v, dtype=torch.float64).reshape(len(v), len(v[0]) if v else 0) for k, v in case["arrays"].items()}
    p = {n: t["parameters." + n].clone().requires_grad_() for n in NAMES}
    x0, y, w = t["x"].requires_grad_(), t["y"], t["w"]
    B, I = x0.shape
    O = y.shape[1]
    act = ACT[h["activation"]]

    def straight_through(logit, noise):
        soft = torch.sigmoid((logit + noise) / h["tau"])
        return soft, (soft > 0.5).double().detach() - soft.detach() + soft

    soft_n, hard_n = straight_through(p["neurons"], t["neuronNoise"])
    soft_s, hard_s = straight_through(p["synapses"], t["synapseNoise"])
    sender = torch.cat([torch.ones(1, I), hard_n], 1).T
    G = p["weights"] * t["buffers.wiring"] * hard_s * sender  # [I + H, O + H]
    A = torch.zeros(I + H + O, I + H + O)
    A[: I + H, I + H :] = G[:, :O]
    A[: I + H, I : I + H] = G[:, O:]
    if h["outputEnhancement"]:
        A[I + H :, I + H :] = torch.eye(O)
    out_bias = p["biases"][:, :O] if h["outputBias"] else torch.zeros(1, O)
    b = torch.cat([torch.zeros(1, I), p["biases"][:, O:], out_bias], 1)
    value = torch.cat([x0, torch.zeros(B, H + O)], 1)
    for l in range(h["steps"]):
        factors = torch.ones(B, I + H + O)
        factors[:, :I] = torch.tensor(case["inputFactors"][l], dtype=torch.float64)
        if l > 0 and H > 0:
            factors[:, I : I + H] = torch.tensor(case["hiddenFactors"][l - 1], dtype=torch.float64)
        pre = (value * factors) @ A + b
        hid = pre[:, I : I + H]
        if h["batchNorm"] and H > 0:
            hid = F.batch_norm(hid, None, None, p["scale"][0], p["shift"][0], True, 0.0, 1e-5)
        inputs = x0 if h["clampedInputs"] else act(value[:, :I])
        value = torch.cat([inputs, act(hid), act(pre[:, I + H :])], 1)
    z = pre[:, I + H :]
    if h["loss"] == "softmax":
        task = (w[:, 0] * F.cross_entropy(z, y, reduction="none")).sum()
    elif h["loss"] == "sigmoid":
        task = (w * F.binary_cross_entropy_with_logits(z, y, reduction="none")).sum() / O
    elif h["loss"] == "huber":
        task = (w * F.huber_loss(z, y, reduction="none", delta=1.0)).sum() / O
    else:
        task = (w * (z - y) ** 2).sum() / O
    a = h["alpha"]
    C = (1 + a) ** (1 + a) / a**a
    comp = lambda m: C * m * (1 - m) ** a
    aux = h["gamma2"] / (I + H) * (comp(soft_s) * t["buffers.wiring"]).sum()
    if H > 0:
        aux = aux + h["gamma1"] / H * comp(soft_n).sum()
    *grads, dx = torch.autograd.grad(task + aux, [p[n] for n in NAMES] + [x0], allow_unused=True)
    grads = {n: torch.zeros_like(p[n]) if g is None else g for n, g in zip(NAMES, grads)}
    decays = dict(synapses=h["decayMasks"], neurons=h["decayMasks"], scale=h["batchNorm"], shift=h["batchNorm"],
                  biases=h["outputBias"] or not h["batchNorm"])
    params = [p[n].detach().clone().requires_grad_() for n in NAMES]
    groups = [dict(params=[v], weight_decay=h["weightDecay"] if decays.get(n, True) else 0.0) for n, v in zip(NAMES, params)]
    opt = torch.optim.Adam(groups, lr=h["learningRate"], betas=(0.9, 0.999), eps=1e-8)
    for n, v in zip(NAMES, params):
        v.grad = grads[n].clone()
        opt.state[v] = dict(step=torch.tensor(float(case["updates"])), exp_avg=t["moments." + n + ".0"].clone(),
                            exp_avg_sq=t["moments." + n + ".1"].clone())
    if h["clipNorm"] > 0:
        torch.nn.utils.clip_grad_norm_(params, h["clipNorm"])
    opt.step()
    return dict(task=task.item(), auxiliary=aux.item(), gradient={n: grads[n].tolist() for n in NAMES}, dx=dx.tolist(),
                updated={n: v.tolist() for n, v in zip(NAMES, params)})


cases = json.load(sys.stdin)
json.dump([dict(given=c, torch=run(c)) for c in cases], sys.stdout)
