#!/usr/bin/env python3
"""Makes what ./norms batchnorm compares with: 20 training steps of PyTorch's BatchNorm1d, then evaluation, in double precision.

Needs PyTorch (Debian: apt-get install python3-torch). Run from anywhere: the file goes to src/main/resources.
"""
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).resolve().parent.parent / "resources/io/github/dl4jnorms/experiments/batchnorm/batchnorm1d.npz"
STEPS, EXAMPLES, CHANNELS = 20, 8, 4
LEARNING_RATE = 0.1


def batch(step):
    """Each channel has a scale and a mean of its own, and they drift, so that the running statistics have something to follow."""
    scale = torch.tensor([0.5, 1.0, 2.0, 4.0], dtype=torch.float64) * (1 + 0.05 * step)
    mean = torch.tensor([-3.0, 0.0, 1.0, 10.0], dtype=torch.float64) + 0.1 * step
    return torch.randn(EXAMPLES, CHANNELS, dtype=torch.float64) * scale + mean


def pass_through(module, x, target):
    """Output and gradients of the loss, half the squared distance to the target, averaged over the batch."""
    x = x.clone().requires_grad_()
    module.zero_grad()
    y = module(x)
    (0.5 * ((y - target) ** 2).sum() / EXAMPLES).backward()
    return {"y": y, "dx": x.grad, "dgamma": module.weight.grad, "dbeta": module.bias.grad}


if __name__ == "__main__":
    torch.manual_seed(20261125)
    module = torch.nn.BatchNorm1d(CHANNELS).double()
    optimizer = torch.optim.SGD(module.parameters(), lr=LEARNING_RATE)
    records = []
    for step in range(STEPS + 1):
        module.train(step < STEPS)  # the last one is the evaluation
        x = batch(step)
        target = torch.randn(EXAMPLES, CHANNELS, dtype=torch.float64)
        record = {"x": x, "target": target} | pass_through(module, x, target)
        if step < STEPS:
            optimizer.step()
        record |= {"gamma": module.weight, "beta": module.bias}
        record |= {"mean": module.running_mean, "variance": module.running_var}
        records.append({name: value.detach().numpy().copy() for name, value in record.items()})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    # step by step, evaluation last; not compressed: ND4J reads no other
    np.savez(OUT, **{name: np.stack([record[name] for record in records]) for name in records[0]})
