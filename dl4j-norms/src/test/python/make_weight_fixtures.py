#!/usr/bin/env python3
"""Makes the PyTorch fixtures of weight parametrizations: several training steps in double precision, for linear layers (tested in
this module) and convolutions (tested in samediff-layers).

Needs PyTorch (Debian: apt-get install python3-torch). Run from anywhere: the files go to each module's src/test/resources.
"""
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from torch.nn.utils import parametrize, weight_norm
from torch.nn.utils.parametrizations import spectral_norm

ROOT = Path(__file__).resolve().parents[4]
LINEAR = ROOT / "dl4j-norms/src/test/resources/fixtures/weight"
CONV = ROOT / "samediff-layers/src/test/resources/conv/weight"
STEPS = 3
RATE = 0.1


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64) * 1.5 + 0.7


class Standardization(torch.nn.Module):
    """timm's StdConv2d, and ScaledStdConv2d with a gain."""

    def __init__(self, shape, dim, epsilon, scaled):
        super().__init__()
        self.dim, self.epsilon, self.scaled = dim, epsilon, scaled
        if scaled:
            self.gain = torch.nn.Parameter(torch.ones(shape[dim], dtype=torch.float64))

    def forward(self, weight):
        rows = weight.transpose(0, self.dim)
        outputs = rows.shape[0]
        scale = self.gain * (rows.numel() // outputs) ** -0.5 if self.scaled else None
        w = F.batch_norm(rows.reshape(1, outputs, -1), None, None, weight=scale, training=True, eps=self.epsilon)
        return w.reshape_as(rows).transpose(0, self.dim)


def parameters(module):
    """By our names: the parameters, and the buffers u and v."""
    named = {"b": module.bias}
    if hasattr(module, "weight_g"):
        g = module.weight_g
        named |= {"Wv": module.weight_v, "Wg": g}
    elif parametrize.is_parametrized(module):
        chain = module.parametrizations.weight
        named["W"] = chain.original
        if hasattr(chain[0], "gain"):
            named["Wg"] = chain[0].gain
        if hasattr(chain[0], "_u"):
            named |= {"Wu": chain[0]._u, "Wv": chain[0]._v}
    else:
        named["W"] = module.weight
    return named


def train(folder, name, module, *shape):
    arrays = {f"start.{k}": v for k, v in copies(parameters(module)).items()}
    for step in range(STEPS):
        x = random(*shape).requires_grad_()
        module.zero_grad()
        y = module(x)
        dy = random(*y.shape)
        y.backward(dy)
        arrays |= {f"x{step}": x, f"y{step}": y, f"dy{step}": dy, f"dx{step}": x.grad}
        named = parameters(module)
        with torch.no_grad():
            for k, v in named.items():
                if v.grad is not None:
                    arrays[f"d{k}{step}"] = v.grad.clone()
                    v -= RATE * v.grad
        arrays |= {f"{k}{step}": v for k, v in copies(named).items()}
    module.eval()
    x = random(*shape)
    arrays |= {"xEval": x, "yEval": module(x)}
    folder.mkdir(parents=True, exist_ok=True)
    # not compressed, and no scalars: ND4J reads neither
    np.savez(folder / f"{name}.npz", **{k: np.atleast_1d(v.detach().numpy()) for k, v in arrays.items()})


def copies(named):
    return {k: v.detach().clone() for k, v in named.items()}


def every(folder, layer, make, out, *shape):
    """Each parametrization of a layer; dim is a dimension, "all" for one norm over everything, or "default"."""
    train(folder, f"{layer}-none", make(), *shape)
    for dim in (0, 1, None):
        train(folder, f"{layer}-weight-{'all' if dim is None else dim}", weight_norm(make(), dim=dim), *shape)
    train(folder, f"{layer}-spectral-default", spectral_norm(make()), *shape)
    for dim in (0, 1):
        train(folder, f"{layer}-spectral-{dim}", spectral_norm(make(), n_power_iterations=3, dim=dim), *shape)
    for scaled in (False, True):
        module = make()
        parametrize.register_parametrization(
            module, "weight", Standardization(module.weight.shape, out, 1e-6, scaled)
        )
        train(folder, f"{layer}-standardized{'-scaled' if scaled else ''}", module, *shape)


if __name__ == "__main__":
    torch.manual_seed(20261125)
    every(LINEAR, "linear", lambda: torch.nn.Linear(5, 4).double(), 0, 6, 5)
    every(
        CONV,
        "conv",
        lambda: torch.nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)).double(),
        0,
        *(2, 3, 5, 6),
    )
    every(
        CONV,
        "transposed",
        lambda: torch.nn.ConvTranspose2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2)).double(),
        1,
        *(2, 3, 4, 3),
    )
    for name, padding, output_padding in (("near", (2, 1), (1, 0)), ("far", (0, 1), (2, 1))):
        module = torch.nn.ConvTranspose2d(
            3, 4, (4, 3), stride=(3, 2), padding=padding, output_padding=output_padding
        ).double()
        train(CONV, f"transposed-{name}", module, 2, 3, 4, 3)
