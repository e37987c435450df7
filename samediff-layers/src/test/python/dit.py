#!/usr/bin/env python3
"""Writes ../resources/dit/dit.npz: DiT's block, final layer and embeddings by PyTorch, forward and gradients, double precision.

For each case NAME: the inputs, the parameters (weights [in, out], ours, the transposed of PyTorch's), dy, y, and for each input
and parameter P its gradient dP. The block's formula is that of Peebles and Xie (2022), the modulation's chunks in DiT's order:
shift1, scale1, gate1, shift2, scale2, gate2. Cases with a mask [N, T] give masked keys no attention and 0 for masked outputs.
Run from anywhere, with Debian's python3-torch (1.13) or later.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

N, T, D, K, HEADS = 2, 5, 8, 6, 2

torch.manual_seed(20221219)
torch.set_default_dtype(torch.float64)
arrays = {}


def leaf(*shape, size=1.0):
    return (torch.randn(*shape) * size).requires_grad_()


def linear(p, name, x):
    return x @ p[name + "W"] + p[name + "b"]


def attention(p, x, mask, heads):
    n, t, d = x.shape
    q, k, v = linear(p, "qkv", x).reshape(n, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4).unbind(0)
    logits = q @ k.transpose(-2, -1) * (d // heads) ** -0.5
    if mask is not None:
        logits = logits.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
    return linear(p, "proj", (logits.softmax(-1) @ v).transpose(1, 2).reshape(n, t, d))


def norm(x, kind, gamma=None, beta=None, eps=1e-6):
    if kind == "ln":
        return F.layer_norm(x, x.shape[-1:], gamma, beta, eps)
    if kind == "rms":
        y = x / (x.square().mean(-1, keepdim=True) + eps).sqrt()
        return y if gamma is None else y * gamma
    if kind == "gn":
        return F.group_norm(x.transpose(1, 2), 2, gamma, beta, eps).transpose(1, 2)
    assert kind == "bn"
    return F.batch_norm(x.transpose(1, 2), None, None, gamma, beta, True, 0.1, eps).transpose(1, 2)


def modulate(x, shift, scale):
    return x * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1)


def block(p, x, c, mask, kind, silu, gelu, heads):
    m = linear(p, "modulation", F.silu(c) if silu else c).chunk(6, dim=1)
    h = modulate(norm(x, kind), m[0], m[1])
    x = x + m[2].unsqueeze(1) * attention(p, h, mask, heads)
    h = modulate(norm(x, kind), m[3], m[4])
    return x + m[5].unsqueeze(1) * linear(p, "mlp2", F.gelu(linear(p, "mlp1", h), approximate=gelu))


def transformer(p, x, kind, heads):
    n = [(p.get(f"norm{i}gamma"), p.get(f"norm{i}beta")) for i in (1, 2)]
    x = x + attention(p, norm(x, kind, *n[0], eps=1e-5), None, heads)
    return x + linear(p, "mlp2", F.gelu(linear(p, "mlp1", norm(x, kind, *n[1], eps=1e-5)), approximate="tanh"))


def write(name, inputs, p, y, mask=None):
    if mask is not None:
        y = y * mask.unsqueeze(-1)
    dy = torch.randn_like(y)
    y.backward(dy)
    results = {**inputs, **p}
    results |= {"d" + key: value.grad for key, value in results.items() if value.grad is not None}
    results |= {"y": y, "dy": dy} | ({} if mask is None else {"mask": mask})
    arrays.update({f"{name}.{key}": value.detach().numpy() for key, value in results.items()})


def attention_parameters():
    return {
        "qkvW": leaf(D, 3 * D, size=0.5), "qkvb": leaf(3 * D, size=0.3),
        "projW": leaf(D, D, size=0.5), "projb": leaf(D, size=0.3),
    }  # fmt: skip


def block_parameters(ratio=4):
    return attention_parameters() | {
        "mlp1W": leaf(D, ratio * D, size=0.5), "mlp1b": leaf(ratio * D, size=0.3),
        "mlp2W": leaf(ratio * D, D, size=0.3), "mlp2b": leaf(D, size=0.3),
    }  # fmt: skip


MASK = torch.tensor([[1, 1, 1, 0, 0], [1, 0, 1, 1, 1.0]])
CASES = {  # norm, silu, gelu, heads, mask
    "silu": ("ln", True, "tanh", HEADS, None),
    "plain": ("ln", False, "tanh", HEADS, None),
    "exact-gelu": ("ln", True, "none", HEADS, None),
    "one-head": ("ln", True, "tanh", 1, None),
    "masked": ("ln", True, "tanh", HEADS, MASK),
    "rms": ("rms", True, "tanh", HEADS, None),
    "gn": ("gn", True, "tanh", HEADS, None),
    "bn": ("bn", True, "tanh", HEADS, None),
}
for name, (kind, silu, gelu, heads, mask) in CASES.items():
    p = block_parameters() | {"modulationW": leaf(K, 6 * D, size=0.5), "modulationb": leaf(6 * D, size=0.3)}
    x, c = leaf(N, T, D), leaf(N, K)
    write("block-" + name, {"x": x, "c": c}, p, block(p, x, c, mask, kind, silu, gelu, heads), mask)

for kind in ("ln", "rms"):
    p = block_parameters() | {f"norm{i}gamma": leaf(D) for i in (1, 2)}
    if kind == "ln":
        p |= {f"norm{i}beta": leaf(D) for i in (1, 2)}
    x = leaf(N, T, D)
    write("transformer-" + kind, {"x": x}, p, transformer(p, x, kind, HEADS))

p, x = attention_parameters(), leaf(N, T, D)
write("attention", {"x": x}, p, attention(p, x, None, HEADS))

p = {"modulationW": leaf(K, 2 * D), "modulationb": leaf(2 * D), "linearW": leaf(D, 12), "linearb": leaf(12)}
x, c = leaf(N, T, D), leaf(N, K)
shift, scale = linear(p, "modulation", F.silu(c)).chunk(2, dim=1)
write("final", {"x": x, "c": c}, p, linear(p, "linear", modulate(norm(x, "ln"), shift, scale)))

# DiT's TimestepEmbedder
FREQUENCIES = 10
half = FREQUENCIES // 2
t = torch.tensor([[0.0], [1.0], [137.25], [999.0]]).requires_grad_()
p = {"time1W": leaf(FREQUENCIES, D), "time1b": leaf(D), "time2W": leaf(D, D), "time2b": leaf(D)}
omega = torch.exp(-np.log(10000) * torch.arange(half) / half)
waves = torch.cat([torch.cos(t * omega), torch.sin(t * omega)], dim=-1)
write("time", {"x": t}, p, linear(p, "time2", F.silu(linear(p, "time1", waves))))

# timm's PatchEmbed, a convolution, and DiT's get_2d_sincos_pos_embed
H, W, P, C = 4, 6, 2, 3
image = leaf(N, C, H, W)
p = {"patchW": leaf(C * P * P, D), "patchb": leaf(D)}
tokens = F.conv2d(image, p["patchW"].T.reshape(D, C, P, P), p["patchb"], stride=P).flatten(2).transpose(1, 2)


def sincos(position):
    angle = torch.outer(position.flatten(), 1 / 10000 ** (torch.arange(D // 4) / (D // 4)))
    return torch.cat([torch.sin(angle), torch.cos(angle)], dim=1)


down, across = torch.meshgrid(torch.arange(H // P) * 1.0, torch.arange(W // P) * 1.0, indexing="ij")
positions = torch.cat([sincos(across), sincos(down)], dim=1)
write("patches", {"x": image}, p, tokens + positions)

# DiT's unpatchify
x = leaf(N, (H // P) * (W // P), P * P * C)
y = torch.einsum("nhwpqc->nchpwq", x.reshape(N, H // P, W // P, P, P, C)).reshape(N, C, H, W)
write("unpatchify", {"x": x}, {}, y)

target = Path(__file__).resolve().parent.parent / "resources" / "dit" / "dit.npz"
target.parent.mkdir(parents=True, exist_ok=True)
np.savez(target, **arrays)  # not compressed: ND4J reads no other
print(f"{target.name}: {len(arrays)} arrays, {target.stat().st_size} bytes")
