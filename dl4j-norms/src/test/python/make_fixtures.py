#!/usr/bin/env python3
"""Makes the PyTorch fixtures of this module's tests: forward, gradients and running statistics, in double precision.

Needs PyTorch (Debian: apt-get install python3-torch). Run from anywhere: the files go to src/test/resources/fixtures.
"""
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).resolve().parent.parent / "resources" / "fixtures"
SHAPES = {"ff": (4, 6), "rnn": (3, 6, 5), "cnn": (2, 6, 4, 3), "cnn3d": (2, 6, 2, 3, 2)}
STEPS = 5


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64) * 1.5 + 0.7


def backward(module, x, dy):
    """Output and gradients; each the exact derivative of sum(y * dy)."""
    x = x.clone().requires_grad_()
    module.zero_grad()
    y = module(x)
    y.backward(dy)
    return {"y": y, "dx": x.grad, "dgamma": module.weight.grad.clone(), "dbeta": module.bias.grad.clone()}


def affine(module, channels):
    with torch.no_grad():
        module.weight.copy_(random(channels))
        module.bias.copy_(random(channels))
    return {"gamma": module.weight, "beta": module.bias}


def save(name, arrays):
    arrays = {k: v.detach().numpy().copy() for k, v in arrays.items()}
    np.savez(OUT / f"{name}.npz", **arrays)  # not compressed: ND4J reads no other


def batch_norm(kind, shape):
    module = {2: torch.nn.BatchNorm1d, 3: torch.nn.BatchNorm1d, 4: torch.nn.BatchNorm2d, 5: torch.nn.BatchNorm3d}[
        len(shape)
    ](shape[1]).double()
    arrays = affine(module, shape[1])
    for step in range(STEPS):
        x, dy = random(*shape), random(*shape)
        arrays |= {f"x{step}": x, f"dy{step}": dy}
        arrays |= {f"{k}{step}": v for k, v in backward(module, x, dy).items()}
    arrays |= {"mean": module.running_mean, "variance": module.running_var}
    module.eval()
    x, dy = random(*shape), random(*shape)
    arrays |= {"xEval": x, "dyEval": dy}
    arrays |= {f"{k}Eval": v for k, v in backward(module, x, dy).items()}
    save(f"batch_norm_{kind}", arrays)


def group_norm(kind, shape, groups):
    module = torch.nn.GroupNorm(groups, shape[1]).double()
    arrays = affine(module, shape[1])
    x, dy = random(*shape), random(*shape)
    arrays |= {"x": x, "dy": dy} | backward(module, x, dy)
    save(f"group_norm_{groups}_{kind}", arrays)


if __name__ == "__main__":
    torch.manual_seed(20261123)
    OUT.mkdir(parents=True, exist_ok=True)
    for kind, shape in SHAPES.items():
        batch_norm(kind, shape)
        for groups in (1, 3, 6):
            # PyTorch 1.13 takes one value per group for a mistake
            if np.prod(shape[1:]) > groups:
                group_norm(kind, shape, groups)
