#!/usr/bin/env python3
"""Writes ../resources/weights/small.h5 by h5py: float and double arrays, chunked and compressed, in groups, and an integer."""
from pathlib import Path

import h5py
import numpy as np

target = Path(__file__).resolve().parent.parent / "resources" / "weights" / "small.h5"
target.parent.mkdir(exist_ok=True)
with h5py.File(target, "w") as file:
    file["block1_conv1/block1_conv1_W_1:0"] = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    file["model_weights/dense/dense/bias:0"] = np.arange(3, dtype=np.float64) / 2
    file.create_dataset("zipped", data=np.arange(40, dtype=np.float32).reshape(8, 5), chunks=(3, 5), compression="gzip")
    file["scalar"] = np.float32(7)
    file["steps"] = np.arange(5)
    file.attrs["layer_names"] = [b"block1_conv1"]
print(f"{target.name}: {target.stat().st_size} bytes")
