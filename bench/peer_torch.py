#!/usr/bin/env python3
"""A SAGP's epoch in PyTorch, as a contestant of bench/contest.ts: see bench/contestant.ts for the protocol.

    python peer_torch.py KIND [--B 1800 --I 180 --H 128 --O 10 --L 3 --bn 0 --dropout 0.4 --threads 1]

KIND: dense (effective weights as one matrix, autograd), scatter (a message for each synapse, summed by index_add, as graph
libraries do it), mlp (I-H-O, for comparison). Everything of an epoch is timed: noise, dropout, losses, the test of the
rules, backward, Adam with weight decay.
"""
import argparse
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser()
parser.add_argument("kind", choices=("dense", "scatter", "mlp"))
for flag, value in (("B", 1800), ("I", 180), ("H", 128), ("O", 10), ("L", 3), ("bn", 0), ("threads", 1), ("batch", 0), ("alive", 0)):
    parser.add_argument(f"--{flag}", type=int, default=value)
parser.add_argument("--dropout", type=float, default=0.4)
size = parser.parse_args()
torch.set_num_threads(size.threads)
torch.manual_seed(1)
ALPHA, GAMMA1, GAMMA2, BETA = 0.2, 0.05, 0.001, 0.5
PEAK = (1 + ALPHA) ** (1 + ALPHA) / ALPHA**ALPHA
x = torch.randn(size.B, size.I)
y = torch.arange(size.B) % size.O


def uniform(*shape):
    bound = math.sqrt(6 / (size.I + size.H + size.O))
    return nn.Parameter(torch.empty(*shape).uniform_(-bound, bound))


class Sagp(nn.Module):
    """Rows are senders (inputs, hidden), columns receivers (hidden, outputs)."""

    def __init__(self):
        super().__init__()
        senders, receivers = size.I + size.H, size.H + size.O
        self.weights = uniform(senders, receivers)
        self.bias = nn.Parameter(torch.zeros(size.H))
        self.synapses = nn.Parameter(torch.zeros(senders, receivers))
        self.neurons = nn.Parameter(torch.zeros(size.H))
        self.norm = nn.BatchNorm1d(size.H, track_running_stats=False) if size.bn else nn.Identity()
        allowed = torch.ones(senders, receivers)
        allowed[size.I :, : size.H].fill_diagonal_(0)
        self.register_buffer("allowed", allowed)
        grid = torch.meshgrid(torch.arange(senders), torch.arange(receivers), indexing="ij")
        self.sender, self.receiver = (g.reshape(-1) for g in grid)

    def draw(self, logits):
        noise = torch.rand_like(logits).clamp_(1e-6, 1 - 1e-6).logit_()
        soft = torch.sigmoid(logits + noise)
        penalty = PEAK * soft * (1 - soft).clamp_min(1e-12).pow(ALPHA)
        return soft + ((soft > 0.5).float() - soft).detach(), penalty

    def emit(self, h):
        return F.dropout(F.silu(self.norm(h)), size.dropout)

    def dense(self, message, net, bias):
        driven = torch.addmm(bias, message, net[: size.I])
        h, z = driven[:, : size.H], driven[:, size.H :]
        for step in range(1, size.L):
            source = self.emit(h)
            if step == size.L - 1:
                return z + source @ net[size.I :, size.H :]
            h = driven[:, : size.H] + source @ net[size.I :, : size.H]
        return z

    def scatter(self, message, net, bias):
        flat = net.reshape(-1)
        state = torch.zeros(size.B, size.H)
        for _ in range(size.L):
            messages = torch.cat((message, state), 1).index_select(1, self.sender) * flat
            total = torch.zeros(size.B, size.H + size.O).index_add(1, self.receiver, messages) + bias
            state = self.emit(total[:, : size.H])
        return total[:, size.H :]

    def loss(self):
        with torch.no_grad():  # the rules look, and spare everybody
            share = torch.sigmoid(self.neurons)
            bool((share < BETA * share.mean()).any())
        neurons, neuron_penalty = self.draw(self.neurons)
        synapses, synapse_penalty = self.draw(self.synapses)
        gate = synapses * self.allowed
        net = self.weights * torch.cat((gate[: size.I], gate[size.I :] * neurons[:, None]))
        bias = torch.cat((self.bias, torch.zeros(size.O)))
        z = getattr(self, size.kind)(F.dropout(x, size.dropout), net, bias)
        penalty = GAMMA1 / size.H * neuron_penalty.sum()
        penalty = penalty + GAMMA2 / (size.I + size.H) * (synapse_penalty * self.allowed).sum()
        return F.cross_entropy(z, y) + penalty

    def groups(self):
        masks = (self.synapses, self.neurons)
        others = [p for p in self.parameters() if all(p is not m for m in masks)]
        return [dict(params=others, weight_decay=1e-4), dict(params=masks, weight_decay=0.0)]


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.bias, self.second = uniform(size.I, size.H), nn.Parameter(torch.zeros(size.H)), uniform(size.H, size.O)

    def loss(self):
        hidden = F.silu(torch.addmm(self.bias, F.dropout(x, size.dropout), self.first))
        return F.cross_entropy(F.dropout(hidden, size.dropout) @ self.second, y)

    def groups(self):
        return [dict(params=list(self.parameters()), weight_decay=1e-4)]


model = Mlp() if size.kind == "mlp" else Sagp()
optimiser = torch.optim.Adam(model.groups(), lr=0.002)


def update():
    optimiser.zero_grad()
    loss = model.loss()
    loss.backward()
    optimiser.step()
    return loss.item()


def epoch():
    """One update, or one for each batch of rows in random order."""
    global x, y
    if not size.batch:
        return update()
    whole, order = (x, y), torch.randperm(size.B)
    for rows in order.split(size.batch):
        x, y = whole[0][rows], whole[1][rows]
        loss = update()
    x, y = whole
    return loss


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    word, *rest = line.split()
    if word != "run":
        break
    count = int(rest[0])
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        loss = epoch()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu_ms": cpu * 1e3 / count, "wall_ms": wall * 1e3 / count, "loss": loss}), flush=True)
