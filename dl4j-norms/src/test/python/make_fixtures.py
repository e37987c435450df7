#!/usr/bin/env python3
"""Makes the PyTorch fixtures of this module's tests: forward, gradients and running statistics, in double precision.

Needs PyTorch and torchvision (Debian: apt-get install python3-torchvision). Run from anywhere: the files go to src/test/resources/fixtures.
"""
from pathlib import Path

import numpy as np
import torch
import torchvision

OUT = Path(__file__).resolve().parent.parent / "resources" / "fixtures"
SHAPES = {"ff": (4, 6), "rnn": (3, 6, 5), "cnn": (2, 6, 4, 3), "cnn3d": (2, 6, 2, 3, 2)}
# a row of two numbers is its sign, and a gradient of next to nothing
ROW_SHAPES = [(4, 6), (3, 6, 5), (2, 6, 4, 3), (2, 4, 2, 3, 5)]
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


def derivatives(function, dy, **inputs):
    """The same of a function of named inputs."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    y = function(**leaves)
    y.backward(dy)
    return inputs | {"dy": dy, "y": y} | {f"d{name}": leaf.grad for name, leaf in leaves.items()}


def affine(module, channels):
    with torch.no_grad():
        module.weight.copy_(random(channels))
        module.bias.copy_(random(channels))
    return {"gamma": module.weight, "beta": module.bias}


def save(name, arrays):
    arrays = {k: v.detach().numpy().copy() for k, v in arrays.items()}
    np.savez(OUT / f"{name}.npz", **arrays)  # not compressed: ND4J reads no other


def batch_norm(kind, shape, name="batch_norm", **options):
    module = {2: torch.nn.BatchNorm1d, 3: torch.nn.BatchNorm1d, 4: torch.nn.BatchNorm2d, 5: torch.nn.BatchNorm3d}[
        len(shape)
    ](shape[1], **options).double()
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
    save(f"{name}_{kind}", arrays)


def group_norm(kind, shape, groups):
    module = torch.nn.GroupNorm(groups, shape[1]).double()
    arrays = affine(module, shape[1])
    x, dy = random(*shape), random(*shape)
    arrays |= {"x": x, "dy": dy} | backward(module, x, dy)
    save(f"group_norm_{groups}_{kind}", arrays)


def frozen_batch_norm(kind, shape):
    module = torchvision.ops.FrozenBatchNorm2d(shape[1]).double()
    buffers = {"gamma": module.weight, "beta": module.bias, "mean": module.running_mean}
    for buffer in buffers.values():
        buffer.copy_(random(shape[1]))
    module.running_var.copy_(random(shape[1]) ** 2 + 0.1)
    arrays = derivatives(lambda x: module(x), random(*shape), x=random(*shape))
    save(f"batch_norm_frozen_{kind}", arrays | buffers | {"variance": module.running_var})


def instance_norm(kind, shape):
    module = {3: torch.nn.InstanceNorm1d, 4: torch.nn.InstanceNorm2d, 5: torch.nn.InstanceNorm3d}[len(shape)](
        shape[1], affine=True
    ).double()
    arrays = affine(module, shape[1])
    x, dy = random(*shape), random(*shape)
    arrays |= {"x": x, "dy": dy} | backward(module, x, dy)
    save(f"instance_norm_{kind}", arrays)


def layer_norm(x, gamma, beta):
    return torch.nn.functional.layer_norm(x, gamma.shape, gamma, beta, 1e-5)


def rms_norm(x, gamma):
    """Newer PyTorch's torch.nn.functional.rms_norm, by its formula."""
    dimensions = tuple(range(-gamma.dim(), 0))
    return x * torch.rsqrt((x * x).mean(dimensions, keepdim=True) + 1e-6) * gamma


def row_norm(name, norm, shape, parameters):
    """Over the last dimensions, from one to all but the first."""
    for count in range(1, len(shape)):
        inputs = {"x": random(*shape)} | {p: random(*shape[-count:]) for p in parameters}
        save(f"{name}_{len(shape)}_{count}", derivatives(norm, random(*shape), **inputs))


def channel_row_norm(name, norm, kind, shape, parameters):
    """Over dimension 1 alone."""
    inputs = {"x": random(*shape)} | {p: random(shape[1]) for p in parameters}

    def over_channels(x, **affine):
        return norm(x.movedim(1, -1), **affine).movedim(-1, 1)

    save(f"{name}_{kind}", derivatives(over_channels, random(*shape), **inputs))


def ada_in(kind, shape):
    """The formula of Huang and Belongie, 2017."""

    def statistics(x):
        dimensions = tuple(range(2, x.dim()))
        return x.mean(dimensions, keepdim=True), torch.sqrt(
            x.var(dimensions, unbiased=False, keepdim=True) + 1e-5
        )

    def function(content, style):
        content_mean, content_std = statistics(content)
        style_mean, style_std = statistics(style)
        return style_std * (content - content_mean) / content_std + style_mean

    style = shape[:2] + tuple(size + 1 for size in shape[2:])
    save(f"ada_in_{kind}", derivatives(function, random(*shape), content=random(*shape), style=random(*style)))


if __name__ == "__main__":
    torch.manual_seed(20261123)
    OUT.mkdir(parents=True, exist_ok=True)
    for kind, shape in SHAPES.items():
        batch_norm(kind, shape)
        for groups in (1, 3, 6):
            # PyTorch 1.13 takes one value per group for a mistake
            if np.prod(shape[1:]) > groups:
                group_norm(kind, shape, groups)

    # of a random stream of their own, so that the files above stay as they are
    torch.manual_seed(20261125)
    batch_norm("ff", SHAPES["ff"], "batch_norm_cumulative", momentum=None)
    batch_norm("cnn", SHAPES["cnn"], "batch_norm_cumulative", momentum=None)
    frozen_batch_norm("cnn", SHAPES["cnn"])
    for shape in ROW_SHAPES:
        row_norm("layer_norm", layer_norm, shape, ("gamma", "beta"))
        row_norm("rms_norm", rms_norm, shape, ("gamma",))
    for kind, shape in SHAPES.items():
        if len(shape) > 2:
            channel_row_norm("layer_norm", layer_norm, kind, shape, ("gamma", "beta"))
            channel_row_norm("rms_norm", rms_norm, kind, shape, ("gamma",))
            instance_norm(kind, shape)
            ada_in(kind, shape)
