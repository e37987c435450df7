#!/usr/bin/env python3
"""Writes ../resources/conv/conv2d.npz: Conv2D by PyTorch's conv2d, forward and its gradients, in double precision.

For each case NAME below: NAME.x, NAME.weight, NAME.bias, NAME.dy, NAME.y, NAME.dx, NAME.dweight, NAME.dbias, and
NAME.settings = [[kernel], [stride], [padding], [dilation]], each [vertical, horizontal].
Run from anywhere, with Debian's python3-torch (1.13) or later.
"""
from pathlib import Path

import numpy as np
import torch

CASES = {  # input height, width; kernel, stride, padding, dilation
    "pointwise": ((4, 5), (1, 1), (1, 1), (0, 0), (1, 1)),
    "pointwise_stride2": ((5, 4), (1, 1), (2, 2), (0, 0), (1, 1)),
    "same3x3": ((5, 4), (3, 3), (1, 1), (1, 1), (1, 1)),
    "stride2": ((6, 7), (3, 3), (2, 2), (1, 1), (1, 1)),
    "stem7x7": ((9, 8), (7, 7), (2, 2), (3, 3), (1, 1)),
    "dilated": ((7, 8), (3, 3), (1, 1), (2, 2), (2, 2)),
    "oblong": ((7, 9), (2, 3), (2, 1), (1, 0), (1, 3)),
    "even_kernel": ((5, 6), (2, 4), (1, 2), (0, 2), (1, 1)),
    "whole_image": ((3, 4), (3, 4), (1, 1), (0, 0), (1, 1)),
}
N, IN, OUT = 2, 3, 4

torch.manual_seed(19980511)
torch.set_default_dtype(torch.float64)
arrays = {}
for name, ((h, w), kernel, stride, padding, dilation) in CASES.items():
    x = torch.randn(N, IN, h, w, requires_grad=True)
    weight = torch.randn(OUT, IN, *kernel, requires_grad=True)
    bias = torch.randn(OUT, requires_grad=True)
    y = torch.nn.functional.conv2d(x, weight, bias, stride, padding, dilation)
    dy = torch.randn_like(y)
    y.backward(dy)
    results = {
        "x": x, "weight": weight, "bias": bias, "dy": dy, "y": y,
        "dx": x.grad, "dweight": weight.grad, "dbias": bias.grad,
        "settings": torch.tensor([kernel, stride, padding, dilation], dtype=torch.float64),
    }  # fmt: skip
    arrays |= {f"{name}.{key}": value.detach().numpy() for key, value in results.items()}

target = Path(__file__).resolve().parent.parent / "resources" / "conv" / "conv2d.npz"
target.parent.mkdir(parents=True, exist_ok=True)
np.savez(target, **arrays)  # not compressed: ND4J reads no other
print(f"{target.name}: {len(CASES)} cases, {target.stat().st_size} bytes")
