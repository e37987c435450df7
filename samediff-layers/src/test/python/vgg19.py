#!/usr/bin/env python3
"""Activations of torchvision's vgg19, to check ours against. Needs Debian's python3-torch, python3-torchvision, python3-h5py.

Without arguments: writes ../resources/style/vgg19.npz, from weights and an image by a formula, see `noise`, which
VggFormula.java has too. For PREFIX torch (torchvision's preprocessing) and keras (Keras', of the same weights): PREFIX.LAYER,
a part of the activations of an image [1, 3, 32, 40], see `PARTS`.

With a folder: writes there, from random weights, torch.safetensors, keras_old.h5, keras_new.h5 (two generations of names) and
activations.npz: x, torch.LAYER and keras.LAYER, whole.
"""
import json
import struct
import sys
from pathlib import Path

import h5py
import numpy as np
import torch
import torchvision

LAYERS = {"relu1_1": 1, "relu2_1": 6, "relu3_1": 11, "relu4_1": 20}  # index in torchvision's features
PARTS = {
    "relu1_1": np.s_[:, ::8, ::4, ::4],
    "relu2_1": np.s_[:, ::8, ::2, ::2],
    "relu3_1": np.s_[:, ::4],
    "relu4_1": np.s_[:, :],
}


def noise(stream, shape):
    """Uniform from −1 to 1: element i is Murmur3's finalizer of i times 2654435761 plus stream times 0x9E3779B9."""
    h = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(2654435761)
    h += np.uint32(stream * 0x9E3779B9 % 2**32)
    h ^= h >> 16
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> 13
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> 16
    return (h / 2.0**31 - 1).astype(np.float32).reshape(shape)


def activations(features, x, preprocess):
    if preprocess == "torch":
        mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
        y = (x - mean.reshape(3, 1, 1)) / std.reshape(3, 1, 1)
    else:  # keras.applications.vgg19.preprocess_input
        y = 255 * x[:, ::-1] - np.float32([103.939, 116.779, 123.68]).reshape(3, 1, 1)
    y = torch.from_numpy(np.ascontiguousarray(y)).double()
    found = {}
    with torch.no_grad():
        for i, layer in enumerate(features.double()):
            y = layer(y)
            found |= {f"{preprocess}.{name}": y.float().numpy() for name, at in LAYERS.items() if at == i}
    return found


def convolutions(features):
    return [(i, layer) for i, layer in enumerate(features) if isinstance(layer, torch.nn.Conv2d)]


def fixture(target):
    features = torchvision.models.vgg19(weights=None).features[:21]
    for stream, (_, layer) in enumerate(convolutions(features)):
        fan_in = layer.weight[0].numel()
        layer.weight.data = torch.from_numpy(noise(2 * stream, layer.weight.shape) * np.float32((6 / fan_in) ** 0.5))
        layer.bias.data = torch.from_numpy(noise(2 * stream + 1, layer.bias.shape) * np.float32(0.1))
    x = noise(100, (1, 3, 32, 40)) / 2 + np.float32(0.5)
    found = activations(features, x, "torch") | activations(features, x, "keras")
    target.parent.mkdir(exist_ok=True)
    np.savez(target, **{name: np.ascontiguousarray(y[PARTS[name.split(".")[1]]]) for name, y in found.items()})
    print(f"{target.name}: {target.stat().st_size} bytes")


def random(folder):
    torch.manual_seed(19)
    model = torchvision.models.vgg19(weights=None)
    tensors = {name: w.detach().numpy() for name, w in model.state_dict().items() if name.startswith("features")}
    header, at = {}, 0
    for name, w in tensors.items():
        header[name] = {"dtype": "F32", "shape": w.shape, "data_offsets": [at, at + w.nbytes]}
        at += w.nbytes
    text = json.dumps(header).encode()
    with open(folder / "torch.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(w.tobytes() for w in tensors.values()))
    with h5py.File(folder / "keras_old.h5", "w") as old, h5py.File(folder / "keras_new.h5", "w") as new:
        block, number = 1, 1
        for layer in model.features:
            if isinstance(layer, torch.nn.Conv2d):
                name = f"block{block}_conv{number}"
                kernel = layer.weight.detach().numpy().transpose(2, 3, 1, 0)
                bias = layer.bias.detach().numpy()
                old[f"{name}/{name}_W_1:0"], old[f"{name}/{name}_b_1:0"] = kernel, bias
                new[f"model_weights/{name}/{name}/kernel:0"] = kernel
                new[f"model_weights/{name}/{name}/bias:0"] = bias
                number += 1
            elif isinstance(layer, torch.nn.MaxPool2d):
                block, number = block + 1, 1
    x = np.random.RandomState(19).rand(1, 3, 64, 48).astype(np.float32)
    found = activations(model.features, x, "torch") | activations(model.features, x, "keras")
    np.savez(folder / "activations.npz", x=x, **found)


if len(sys.argv) > 1:
    random(Path(sys.argv[1]))
else:
    fixture(Path(__file__).resolve().parent.parent / "resources" / "style" / "vgg19.npz")
