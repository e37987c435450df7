#!/usr/bin/env python3
"""Makes what `./norms weightnorm` sets its numbers beside: PyTorch's weight_norm on a linear layer, and PyTorch's spectral_norm, one
power iteration a step, on an MLP of 4 layers, both trained in double precision.

Needs PyTorch (Debian: apt-get install python3-torch). Run from anywhere: the files go to this module's src/main/resources.
"""
import copy
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from torch.nn.utils import weight_norm
from torch.nn.utils.parametrizations import spectral_norm

FOLDER = Path(__file__).resolve().parents[1] / "resources/io/github/dl4jnorms/experiments/weightnorm"


def write(name, arrays):
    FOLDER.mkdir(parents=True, exist_ok=True)
    # not compressed, and no scalars: ND4J reads neither
    np.savez(FOLDER / f"{name}.npz", **{k: np.atleast_1d(np.asarray(v)) for k, v in arrays.items()})


def numbers(tensor):
    return tensor.detach().numpy().copy()


def linear(steps=40, examples=8, rate=0.1):
    """A linear map whose rows have lengths 0.5, 2 and 4, learned by least squares and plain gradient descent."""
    layer = torch.nn.Linear(5, 3)
    arrays = {"W": numbers(layer.weight), "b": numbers(layer.bias), "rate": rate}
    layer = weight_norm(layer)
    target = F.normalize(torch.randn(3, 5)) * torch.tensor([[0.5], [2.0], [4.0]])
    records = {}
    for _ in range(steps):
        x = torch.randn(examples, 5)
        noise = torch.randn(examples, 3) * 0.1
        layer.zero_grad()
        y = layer(x)
        gradient = 2 * (y.detach() - x @ target.T - noise) / examples
        y.backward(gradient)
        named = {"Wv": layer.weight_v, "Wg": layer.weight_g, "b": layer.bias}
        step = {"x": x, "y": y, "dy": gradient} | {f"d{k}": v.grad for k, v in named.items()}
        with torch.no_grad():
            for v in named.values():
                v -= rate * v.grad
        for k, v in (step | named).items():
            records.setdefault(f"{k}.steps", []).append(numbers(v))
    write("linear", arrays | {k: np.stack(v) for k, v in records.items()})


def singular_values(mlp, training):
    """The largest singular value of each layer's effective weight, by LAPACK. In training, PyTorch renews u and v on each look at
    the weight: a copy is looked at."""
    layers = [m for m in copy.deepcopy(mlp).train(training) if isinstance(m, torch.nn.Linear)]
    return [np.linalg.svd(numbers(layer.weight), compute_uv=False)[0] for layer in layers]


def mlp(widths=(16, 32, 32, 32, 4), steps=100, examples=256, batch=64, rate=0.01):
    """Four clusters in 16 dimensions, told apart by softmax and cross-entropy."""
    centres = torch.randn(widths[-1], widths[0]) * 2
    labels = torch.arange(examples) % widths[-1]
    x = centres[labels] + torch.randn(examples, widths[0]) * 0.5
    layers = [torch.nn.Linear(n, m) for n, m in zip(widths, widths[1:])]
    for layer in layers:
        torch.nn.init.kaiming_normal_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        spectral_norm(layer)
    arrays = {"x": numbers(x), "labels": numbers(F.one_hot(labels).double()), "batch": float(batch), "rate": rate}
    for i, layer in enumerate(layers):
        chain = layer.parametrizations.weight
        arrays |= {f"W{i}": chain.original, f"b{i}": layer.bias, f"u{i}": chain[0]._u, f"v{i}": chain[0]._v}
    arrays = {k: numbers(v) if torch.is_tensor(v) else v for k, v in arrays.items()}
    relus = [torch.nn.ReLU() for _ in layers[1:]] + [None]
    net = torch.nn.Sequential(*[m for pair in zip(layers, relus) for m in pair if m is not None])
    # PyTorch and DL4J add Adam's epsilon in different places: as good as none
    optimizer = torch.optim.Adam(net.parameters(), lr=rate, eps=1e-30)
    losses = []
    sigma = {mode: [singular_values(net, mode)] for mode in (False, True)}
    for step in range(steps):
        rows = slice(step * batch % examples, step * batch % examples + batch)
        loss = F.cross_entropy(net(x[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        for mode, values in sigma.items():
            values.append(singular_values(net, mode))
    arrays |= {"loss": losses, "sigma": np.array(sigma[False]), "sigmaTraining": np.array(sigma[True])}
    write("mlp", arrays)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    linear()
    torch.manual_seed(1)
    mlp()
