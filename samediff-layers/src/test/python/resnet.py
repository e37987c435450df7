#!/usr/bin/env python3
"""Writes ../resources/resnet/resnet.npz: torchvision's bottleneck ResNet with one block per stage and width 2.

The arrays: image and imageEval; every parameter and buffer by the name that samediff-layers' ResNet50 has for it, as it was
before; c2 to c5, the four stages' outputs in training mode on image; c2Eval to c5Eval in evaluation mode on imageEval, after
the training step's change of the running statistics; and the running statistics of bn1 after it.

torchvision                       samediff-layers (layer_parameter)
conv1.weight                      res1_W
bn1.weight                        res1-norm_gamma         (bias: beta; running_mean: mean; running_var: variance)
layerS.B.convK.weight             res{S+1}.B-K_W
layerS.B.bnK.*                    res{S+1}.B-K-norm_*       (K = 1, 2)
layerS.B.bn3.*                    res{S+1}.B_*              (the norm of the block's end)
layerS.B.downsample.0.weight      res{S+1}.B-shortcut_W
layerS.B.downsample.1.*           res{S+1}.B-shortcut-norm_*

Run from anywhere, with Debian's python3-torch and python3-torchvision (1.13, 0.14) or later.
"""
import re
from pathlib import Path

import numpy as np
import torch
import torchvision
from torchvision.models.resnet import Bottleneck, ResNet

WIDTH, SIZE = 2, 64
NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"}
STAGES = ("layer1", "layer2", "layer3", "layer4")


class Narrow(ResNet):
    """torchvision's own modules and forward; only the numbers of channels, which it fixes at 64, are other."""

    def __init__(self, width, blocks):
        super().__init__(Bottleneck, [1, 1, 1, 1])
        self.inplanes = width
        self.conv1 = torch.nn.Conv2d(3, width, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        for i, stage in enumerate(STAGES):
            setattr(self, stage, self._make_layer(Bottleneck, width << i, blocks[i], stride=1 if i == 0 else 2))
        self.fc = torch.nn.Linear(8 * width * Bottleneck.expansion, 1)

    def stages(self, x):
        outputs = {}
        hooks = [
            getattr(self, stage).register_forward_hook(lambda m, i, y, key=f"c{s + 2}": outputs.update({key: y}))
            for s, stage in enumerate(STAGES)
        ]
        self(x)
        for hook in hooks:
            hook.remove()
        return outputs


def our_name(name):
    *path, leaf = name.split(".")
    module = ".".join(path)
    stage = re.fullmatch(r"layer(\d)\.(\d+)\.(\w+?)(\d|\.\d)", module)
    if stage:
        layer, block, kind, index = stage.groups()
        prefix = f"res{int(layer) + 1}.{block}"
        if kind + index == "bn3":
            return f"{prefix}_{NORM[leaf]}"
        if kind == "downsample":
            layer_name, norm = f"{prefix}-shortcut", index == ".1"
        else:
            layer_name, norm = f"{prefix}-{index}", kind == "bn"
    else:
        layer_name, norm = "res1", module == "bn1"
    return f"{layer_name}-norm_{NORM[leaf]}" if norm else f"{layer_name}_W"


torch.manual_seed(20151210)
torch.set_default_dtype(torch.float64)
model = Narrow(WIDTH, [1, 2, 1, 1])
with torch.no_grad():
    for name, value in model.named_parameters():
        if value.dim() == 1:
            value.copy_(torch.randn_like(value) * 0.3 + (1 if name.endswith("weight") else 0))
    for name, value in model.named_buffers():
        if name.endswith("running_mean"):
            value.copy_(torch.randn_like(value) * 0.2)
        elif name.endswith("running_var"):
            value.copy_(torch.rand_like(value) + 0.5)

arrays = {
    our_name(name): value.numpy().copy()
    for name, value in model.state_dict().items()
    if not name.startswith("fc.") and not name.endswith("num_batches_tracked")
}
with torch.no_grad():
    image, image_eval = torch.randn(2, 3, SIZE, SIZE), torch.randn(1, 3, SIZE, SIZE // 2)
    arrays |= {"image": image.numpy(), "imageEval": image_eval.numpy()}
    model.train()
    arrays |= {key: y.numpy() for key, y in model.stages(image).items()}
    arrays |= {f"after_{k}": getattr(model.bn1, f"running_{k}").numpy() for k in ("mean", "var")}
    model.eval()
    arrays |= {f"{key}Eval": y.numpy() for key, y in model.stages(image_eval).items()}

target = Path(__file__).resolve().parent.parent / "resources" / "resnet" / "resnet.npz"
target.parent.mkdir(parents=True, exist_ok=True)
np.savez(target, **arrays)  # not compressed: ND4J reads no other
full = torchvision.models.resnet50()
count = sum(p.numel() for n, p in full.named_parameters() if not n.startswith("fc."))
buffers = sum(b.numel() for n, b in full.named_buffers() if not n.endswith("num_batches_tracked"))
print(f"{target.name}: {target.stat().st_size} bytes; resnet50 has {count} parameters and {buffers} of running statistics")
