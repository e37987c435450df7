#!/usr/bin/env python3
"""Writes ../resources/conv/image_gather.npz: reflection padding and nearest-neighbour upsampling by PyTorch, in double.

Convolutions with reflection padding, for each case NAME of CONVOLUTIONS: NAME.x, NAME.weight, NAME.bias, NAME.dy, NAME.y,
NAME.dx, NAME.dweight, NAME.dbias, and NAME.padding = [vertical, horizontal].
Upsampling, for each case NAME of SCALES: NAME.x, NAME.dy, NAME.y, NAME.dx, and NAME.scale = [vertical, horizontal].
Run from anywhere, with Debian's python3-torch (1.13) or later.
"""
from pathlib import Path

import numpy as np
import torch

CONVOLUTIONS = {  # input height, width; kernel; padding
    "same3x3": ((5, 4), (3, 3), (1, 1)),
    "smallest": ((2, 2), (3, 3), (1, 1)),
    "oblong": ((4, 6), (3, 5), (3, 2)),
    "rows_only": ((3, 5), (3, 1), (2, 0)),
    "columns_only": ((3, 5), (1, 3), (0, 4)),
}
SCALES = {"twice": (2, 2), "oblong_scale": (3, 1)}
N, IN, OUT = 2, 3, 4

torch.manual_seed(20170320)
torch.set_default_dtype(torch.float64)
arrays = {}


def add(name, values):
    arrays.update({f"{name}.{key}": value.detach().numpy() for key, value in values.items()})


for name, ((h, w), kernel, padding) in CONVOLUTIONS.items():
    x = torch.randn(N, IN, h, w, requires_grad=True)
    weight = torch.randn(OUT, IN, *kernel, requires_grad=True)
    bias = torch.randn(OUT, requires_grad=True)
    pad = torch.nn.ReflectionPad2d((padding[1], padding[1], padding[0], padding[0]))
    y = torch.nn.functional.conv2d(pad(x), weight, bias)
    dy = torch.randn_like(y)
    y.backward(dy)
    add(name, {
        "x": x, "weight": weight, "bias": bias, "dy": dy, "y": y,
        "dx": x.grad, "dweight": weight.grad, "dbias": bias.grad, "padding": torch.tensor(padding).double(),
    })  # fmt: skip

for name, scale in SCALES.items():
    x = torch.randn(N, IN, 3, 4, requires_grad=True)
    y = torch.nn.Upsample(scale_factor=scale, mode="nearest")(x)
    dy = torch.randn_like(y)
    y.backward(dy)
    add(name, {"x": x, "dy": dy, "y": y, "dx": x.grad, "scale": torch.tensor(scale).double()})

target = Path(__file__).resolve().parent.parent / "resources" / "conv" / "image_gather.npz"
np.savez(target, **arrays)  # not compressed: ND4J reads no other
print(f"{target.name}: {len(arrays)} arrays, {target.stat().st_size} bytes")
