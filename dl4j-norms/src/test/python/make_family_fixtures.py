#!/usr/bin/env python3
"""Makes the PyTorch fixtures of the norms that PyTorch has no module for: their formulas, with its gradients, in double.

Needs PyTorch (Debian: apt-get install python3-torch). Run from anywhere: the files go to src/test/resources/fixtures.
"""
import torch
from torch.nn.functional import batch_norm, layer_norm, silu

from make_fixtures import OUT, SHAPES, random, save

CONDITION = 3


def spread(parameter, x):
    """[C] or [N, C] to go with x [N, C, ...]."""
    return parameter.reshape(parameter.shape + (1,) * (x.dim() - 2)) if parameter.dim() == 2 else parameter.reshape(
        (1, -1) + (1,) * (x.dim() - 2))


def positions(x):
    return tuple(range(2, x.dim()))


def everywhere(x):
    return (0,) + positions(x)


def gradients(function, dy=None, **inputs):
    """Output and gradients of all inputs, as fixtures have them; each the exact derivative of sum(y * dy)."""
    inputs = {k: v.clone().requires_grad_() for k, v in inputs.items()}
    y = function(**inputs)
    dy = random(*y.shape) if dy is None else dy
    y.backward(dy)
    return inputs | {"y": y, "dy": dy} | {f"d{k}": v.grad for k, v in inputs.items()}


def over_channels(norm, x):
    return norm(x.movedim(1, -1)).movedim(-1, 1)


def filter_response(x, gamma, beta, tau):
    response = x / torch.sqrt(x.square().mean(positions(x), keepdim=True) + 1e-6)
    return torch.maximum(spread(gamma, x) * response + spread(beta, x), spread(tau, x))


def dynamic_tanh(x, alpha, gamma, beta):
    return spread(gamma, x) * torch.tanh(alpha * x) + spread(beta, x)


def scale_norm(x, g):
    return g * x / torch.sqrt(x.square().sum(1, keepdim=True) + 1e-10)


def ada_in(content, style):
    def moments(a):
        dims = positions(a)
        return a.mean(dims, keepdim=True), torch.sqrt(a.var(dims, unbiased=False, keepdim=True) + 1e-5)

    (mean, std), (style_mean, style_std) = moments(content), moments(style)
    return 0.7 * (style_std * (content - mean) / std + style_mean) + 0.3 * content


def modulate(x, condition, W, b):
    shift, scale = (condition @ W + b).chunk(2, 1)
    return x * (1 + spread(scale, x)) + spread(shift, x)


def ada_layer_norm(x, condition, W, b):
    normalized = over_channels(lambda a: layer_norm(a, a.shape[-1:], eps=1e-6), x)
    return modulate(normalized, silu(condition), W, b)


def ada_gate(x, branch, condition, W, b):
    return x + spread(silu(condition) @ W + b, x) * branch


def conditional_batch_norm(mean, variance):
    def norm(x, condition, W, b):
        return modulate(batch_norm(x, mean, variance, training=True), condition, W, b)

    return norm


def ghost_batch_norm(x, gamma, beta):
    parts = [batch_norm(part, None, None, gamma, beta, training=True) for part in x.split(2)]
    return torch.cat(parts)


def ghost_statistics(x):
    parts = x.split(2)
    means = torch.stack([p.mean(everywhere(p)) for p in parts]).mean(0)
    variances = torch.stack([p.var(everywhere(p), unbiased=True) for p in parts]).mean(0)
    return {"mean": 0.1 * means, "variance": 0.9 + 0.1 * variances}


def batch_renorm(mean, variance):
    def norm(x, gamma, beta):
        batch_mean = x.mean(everywhere(x))
        std = torch.sqrt(x.var(everywhere(x), unbiased=False) + 1e-5)
        running = torch.sqrt(variance + 1e-5)
        r = (std / running).clamp(1 / 1.1, 1.1).detach()
        d = ((batch_mean - mean) / running).clamp(-0.2, 0.2).detach()
        normalized = (x - spread(batch_mean, x)) / spread(std, x) * spread(r, x) + spread(d, x)
        return spread(gamma, x) * normalized + spread(beta, x)

    return norm


if __name__ == "__main__":
    torch.manual_seed(20261125)
    for kind, shape in SHAPES.items():
        n, c = shape[:2]
        more = (5,) + shape[1:]
        affine = {"gamma": random(c), "beta": random(c)}
        wide = {"W": random(CONDITION, 2 * c), "b": random(2 * c)}
        conditioned = {"x": random(*shape), "condition": random(n, CONDITION)}
        if kind != "ff":
            save(f"filter_response_norm_{kind}", gradients(filter_response, x=random(*shape), tau=random(c), **affine))
            sizes = shape[:2] + tuple(s + 1 for s in shape[2:])
            save(f"ada_in_blend_{kind}", gradients(ada_in, content=random(*shape), style=random(*sizes)))
        save(f"dynamic_tanh_{kind}", gradients(dynamic_tanh, x=random(*shape), alpha=random(1), **affine))
        save(f"scale_norm_{kind}", gradients(scale_norm, x=random(*shape), g=random(1)))
        save(f"ada_layer_norm_{kind}", gradients(ada_layer_norm, **conditioned, **wide))
        save(f"ada_gate_{kind}", gradients(
            ada_gate, **conditioned, branch=random(*shape), W=random(CONDITION, c), b=random(c)))

        mean, variance = torch.zeros(c, dtype=torch.float64), torch.ones(c, dtype=torch.float64)
        arrays = gradients(conditional_batch_norm(mean, variance), **conditioned, **wide)
        save(f"conditional_batch_norm_{kind}", arrays | {"mean": mean, "variance": variance})

        # virtual batches of 2 and, but for single values, a smaller one
        x = random(*((6,) + shape[1:] if kind == "ff" else more))
        save(f"ghost_batch_norm_{kind}", gradients(ghost_batch_norm, x=x, **affine) | ghost_statistics(x))

        # running statistics near the batch's in some channels, so that r and d are clipped in some only
        x = random(*more)
        mean = x.mean(everywhere(x)) + torch.linspace(-0.5, 0.5, c, dtype=torch.float64)
        variance = x.var(everywhere(x)) * torch.linspace(0.6, 1.5, c, dtype=torch.float64)
        arrays = gradients(batch_renorm(mean, variance), x=x, **affine)
        after = {
            "meanAfter": 0.9 * mean + 0.1 * x.mean(everywhere(x)),
            "varianceAfter": 0.9 * variance + 0.1 * x.var(everywhere(x)),
        }
        save(f"batch_renorm_{kind}", arrays | {"mean": mean, "variance": variance} | after)
