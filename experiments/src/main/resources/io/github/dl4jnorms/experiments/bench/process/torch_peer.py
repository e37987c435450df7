"""PyTorch's side of ./norms bench: measures when it is asked, in turn with the others.

    torch_peer.py THREADS

A line of standard input is a question, answered by a line of standard output that starts with MARK.

    torch;layer forward 32x768;20;3;50          warm up for 20 ms, measure 3 times 50 ms: mean times in nanoseconds
    resnet50;128;8;1000;42                      make ResNet-50 for images of 128 pixels, batch 8, 1000 classes, seed 42: its
                                                number of parameters, buffers included
    dit;8;256;384;6;42                          make a diffusion transformer's block for batch 8, 256 tokens of 384 numbers,
                                                6 heads, seed 42: its number of parameters
    step                                        one training step of the last: nanoseconds and loss
"""

import ctypes
import math
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional

MARK = "norms-bench:"
EPSILON = 1e-5
GROUPS = 32


def allocator():
    """Which malloc the tensors come from: jemalloc, where it was preloaded, has symbols of its own."""
    return "jemalloc" if hasattr(ctypes.CDLL(None), "malloc_stats_print") else "the system's malloc"


def blas():
    """Which library multiplies matrices. Debian's PyTorch takes what is installed as libblas.so.3."""
    if torch.backends.mkl.is_available():
        return "MKL"
    try:
        with open("/proc/self/maps") as maps:
            libraries = {line.split()[-1] for line in maps if "numpy" not in line}  # which may bring one of its own
    except OSError:
        libraries = set()
    # a library of another's name beside libblas is there for something else, such as LAPACK
    libraries = {library for library in libraries if "/libblas.so" in library} or libraries
    for pattern, name in (
        ("openblas", "OpenBLAS"),
        ("/(lib)?blis", "BLIS"),
        ("/(lib)?atlas", "ATLAS"),
        (r"/libblas\.so", "the slow reference BLAS"),
    ):
        if any(re.search(pattern, library) for library in libraries):
            return name
    built = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return built.group(1) if built else "an unknown BLAS"


class Kernels:
    """The norms, on the same memory for all work: inputs are the first elements of a tensor for each role."""

    def __init__(self):
        self.memory = {}

    def tensor(self, role, shape):
        count = math.prod(shape)
        if role not in self.memory or self.memory[role].numel() < count:
            self.memory[role] = torch.randn(count, generator=torch.Generator().manual_seed(len(role)))
        return self.memory[role][:count].view(shape)

    def prepare(self, norm, direction, shape):
        """A function that does the work once; its results are given back to malloc, which hands them out again."""
        x = self.tensor("x", shape)
        channels = shape[-1] if norm in ("layer", "rms") else shape[1]
        gamma = 1 + 0.1 * torch.randn(channels)
        beta = 0.1 * torch.randn(channels)
        if direction == "forward":
            return self.forward(norm, x, channels, gamma, beta)
        dy = self.tensor("dy", shape)
        return self.backward(norm, x, dy, channels, gamma, beta)

    def forward(self, norm, x, channels, gamma, beta):
        return {
            "layer": lambda: functional.layer_norm(x, (channels,), gamma, beta, EPSILON),
            "rms": lambda: rms_norm(x, gamma),
            "group": lambda: functional.group_norm(x, GROUPS, gamma, beta, EPSILON),
            "batch": lambda: torch.native_batch_norm(x, gamma, beta, None, None, True, 0.1, EPSILON),
            "instance": lambda: functional.instance_norm(x, None, None, gamma, beta, True, 0.1, EPSILON),
        }[norm]

    def backward(self, norm, x, dy, channels, gamma, beta):
        aten = torch.ops.aten
        wanted = [True, True, True]
        if norm == "layer":
            _, mean, rstd = torch.native_layer_norm(x, (channels,), gamma, beta, EPSILON)
            return lambda: aten.native_layer_norm_backward(dy, x, (channels,), mean, rstd, gamma, beta, wanted)
        if norm == "group":
            examples, length = x.shape[0], math.prod(x.shape[2:])
            _, mean, rstd = torch.native_group_norm(x, gamma, beta, examples, channels, length, GROUPS, EPSILON)
            return lambda: aten.native_group_norm_backward(
                dy, x, mean, rstd, gamma, examples, channels, length, GROUPS, wanted)
        if norm == "batch":
            _, mean, rstd = torch.native_batch_norm(x, gamma, beta, None, None, True, 0.1, EPSILON)
            return lambda: aten.native_batch_norm_backward(
                dy, x, gamma, None, None, mean, rstd, True, EPSILON, wanted)
        inputs = [x.detach().requires_grad_(), gamma.requires_grad_()]
        with torch.enable_grad():
            if norm == "rms":
                y = rms_norm(*inputs)
            else:
                inputs.append(beta.requires_grad_())
                y = functional.instance_norm(inputs[0], None, None, gamma, beta, True, 0.1, EPSILON)
        return lambda: torch.autograd.grad(y, inputs, dy, retain_graph=True)


def rms_norm(x, gamma):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON) * gamma


def measure(work, seconds):
    """The mean time in nanoseconds over at least so many seconds."""
    clock = time.perf_counter_ns
    count = 0
    block = 1
    start = clock()
    end = start + seconds * 1e9
    while True:
        for _ in range(block):
            work()
        count += block
        now = clock()
        if now >= end:
            return (now - start) / count
        # so few looks at the clock that they cost nothing
        block = max(1, min(block * 2, int((end - now) * count / (now - start) / 2)))


class TrainingStep:
    def __init__(self, model, optimizer, loss):
        self.model = model
        self.optimizer = optimizer
        self.loss = loss

    def parameters(self):
        tensors = list(self.model.parameters()) + [b for b in self.model.buffers() if b.is_floating_point()]
        return sum(t.numel() for t in tensors)

    def run(self):
        start = time.perf_counter_ns()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.enable_grad():
            loss = self.loss()
            loss.backward()
        self.optimizer.step()
        return "%d %.6f" % (time.perf_counter_ns() - start, loss.item())


def resnet50(image_size, batch_size, classes, seed):
    import torchvision

    torch.manual_seed(seed)
    model = torchvision.models.resnet50(num_classes=classes)
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-5)
    images = torch.randn(batch_size, 3, image_size, image_size)
    labels = torch.randint(classes, (batch_size,))
    return TrainingStep(model, optimizer, lambda: functional.cross_entropy(model(images), labels))


class DiTBlock(nn.Module):
    """With adaLN-Zero, after a linear layer of the condition."""

    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.condition = nn.Linear(size, size)
        self.modulation = nn.Linear(size, 6 * size)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        self.norm = nn.LayerNorm(size, elementwise_affine=False, eps=1e-6)
        self.qkv = nn.Linear(size, 3 * size)
        self.projection = nn.Linear(size, size)
        self.mlp = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(approximate="tanh"), nn.Linear(4 * size, size))

    def forward(self, x, c):
        modulation = self.modulation(functional.silu(self.condition(c)))
        shift1, scale1, gate1, shift2, scale2, gate2 = modulation.unsqueeze(1).chunk(6, dim=2)
        x = x + gate1 * self.attention(self.norm(x) * (1 + scale1) + shift1)
        return x + gate2 * self.mlp(self.norm(x) * (1 + scale2) + shift2)

    def attention(self, x):
        examples, tokens, size = x.shape
        qkv = self.qkv(x).view(examples, tokens, 3, self.heads, size // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q * q.shape[3] ** -0.5 @ k.transpose(2, 3)).softmax(dim=3)
        return self.projection((weights @ v).transpose(1, 2).reshape(x.shape))


def dit(batch_size, tokens, size, heads, seed):
    torch.manual_seed(seed)
    model = DiTBlock(size, heads)
    x = torch.rand(batch_size, tokens, size, requires_grad=True)  # as a block below wants it
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    c = torch.rand(batch_size, size)
    target = torch.rand(batch_size, tokens, size)

    def loss():
        x.grad = None
        return functional.mse_loss(model(x, c), target)

    return TrainingStep(model, optimizer, loss)


MODELS = {"resnet50": resnet50, "dit": dit}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    torch.set_grad_enabled(False)
    kernels = Kernels()
    step = None
    ready = "ready PyTorch %s, memory from %s, matrix products from %s"
    print(MARK + ready % (torch.__version__, allocator(), blas()), flush=True)
    for line in sys.stdin:
        fields = line.strip().split(";")
        try:
            if fields[0] in MODELS:
                step = MODELS[fields[0]](*map(int, fields[1:]))
                answer = str(step.parameters())
            elif fields[0] == "step":
                answer = step.run()
            else:
                norm, direction, shape = fields[1].split(" ")
                warm_up, iterations, milliseconds = map(int, fields[2:])
                work = kernels.prepare(norm, direction, [int(size) for size in shape.split("x")])
                measure(work, warm_up / 1e3)
                answer = " ".join("%.1f" % measure(work, milliseconds / 1e3) for _ in range(iterations))
        except Exception as e:  # the one who asked decides what to do without an answer
            answer = "failed %s: %s" % (type(e).__name__, str(e).split("\n")[0])
        print(MARK + answer, flush=True)


main()
