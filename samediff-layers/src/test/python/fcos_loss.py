#!/usr/bin/env python3
"""Writes ../resources/detection/fcos_loss.npz: FcosLoss by PyTorch's autograd and torchvision's own losses.

Run from anywhere, with Debian's python3-torch and python3-torchvision (1.13, 0.14) or later.
"""
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from torchvision.ops import generalized_box_iou_loss, sigmoid_focal_loss

ROWS, CLASSES = 40, 3
ALPHA, GAMMA, BOX_WEIGHT = 0.25, 2.0, 1.0


def corners(distances):
    """left, top, right, bottom distances from the origin -> x1, y1, x2, y2"""
    return torch.cat([-distances[:, :2], distances[:, 2:]], dim=1)


torch.manual_seed(20190404)
torch.set_default_dtype(torch.float64)

labels = torch.zeros(ROWS, 5 + CLASSES)
labels[:, :4] = 0.5 + 7 * torch.rand(ROWS, 4)
labels[:, 4] = torch.rand(ROWS)
positive = torch.arange(ROWS) % 2 == 0
labels[positive, 5 + torch.randint(CLASSES, (int(positive.sum()),))] = 1

prediction = torch.cat([0.5 + 7 * torch.rand(ROWS, 4), 3 * torch.randn(ROWS, 1 + CLASSES)], dim=1)
prediction[0, :4] = labels[0, :4]  # the same box
prediction[2, :4] = labels[2, :4] + 1  # encloses the true one
prediction[4, :4] = labels[4, :4] / 2  # lies within it
prediction[6, :4] = torch.tensor([-9.0, 2.0, 12.0, 2.0])  # disjoint: to the right of it
prediction[8, 4:] = torch.tensor([80.0, -80.0, 80.0, -80.0])
prediction[9, 4:] = torch.tensor([-80.0, 80.0, -80.0, 80.0])
prediction.requires_grad_()

mask = torch.rand(ROWS, 1)
mask[::5] = 0
mask[0] = 1

values = sigmoid_focal_loss(prediction[:, 5:], labels[:, 5:], ALPHA, GAMMA).sum(1)
box = generalized_box_iou_loss(corners(prediction[positive, :4]), corners(labels[positive, :4]), eps=0.0)
centerness = binary_cross_entropy_with_logits(prediction[positive, 4], labels[positive, 4], reduction="none")
values = values.index_add(0, positive.nonzero()[:, 0], BOX_WEIGHT * labels[positive, 4] * box + centerness)
values = values[:, None] * mask
values.sum().backward()

target = Path(__file__).resolve().parent.parent / "resources" / "detection" / "fcos_loss.npz"
np.savez(
    target,
    labels=labels.numpy(),
    prediction=prediction.detach().numpy(),
    mask=mask.numpy(),
    values=values.detach().numpy(),
    gradient=prediction.grad.numpy(),
)
print(f"{target.name}: {ROWS} rows, loss {values.sum().item():.6f}")
