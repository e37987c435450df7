"""PyTorch's side of ./norms bench: measures when it is asked, in turn with the others.

    torch_peer.py THREADS

A line of standard input is a question, answered by a line of standard output that starts with MARK.

    torch;layer forward 32x768;20;3;50          warm up for 20 ms, measure 3 times 50 ms: mean times in nanoseconds
    resnet50;128;8;1000;42                      make ResNet-50 for images of 128 pixels, batch 8, 1000 classes, seed 42: its
                                                number of parameters, buffers included
    step                                        one training step of it: nanoseconds and loss
"""

import ctypes
import math
import sys
import time

import torch
from torch.nn import functional

MARK = "norms-bench:"
EPSILON = 1e-5
GROUPS = 32


def allocator():
    """Which malloc the tensors come from: jemalloc, where it was preloaded, has symbols of its own."""
    return "jemalloc" if hasattr(ctypes.CDLL(None), "malloc_stats_print") else "the system's malloc"


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
    def __init__(self, image_size, batch_size, classes, seed):
        import torchvision

        torch.manual_seed(seed)
        self.model = torchvision.models.resnet50(num_classes=classes)
        self.model.train()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-5)
        self.images = torch.randn(batch_size, 3, image_size, image_size)
        self.labels = torch.randint(classes, (batch_size,))

    def parameters(self):
        tensors = list(self.model.parameters()) + [b for b in self.model.buffers() if b.is_floating_point()]
        return sum(t.numel() for t in tensors)

    def run(self):
        start = time.perf_counter_ns()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.enable_grad():
            loss = functional.cross_entropy(self.model(self.images), self.labels)
            loss.backward()
        self.optimizer.step()
        return "%d %.6f" % (time.perf_counter_ns() - start, loss.item())


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(0)
    torch.set_grad_enabled(False)
    kernels = Kernels()
    step = None
    print(MARK + "ready PyTorch %s, memory from %s" % (torch.__version__, allocator()), flush=True)
    for line in sys.stdin:
        fields = line.strip().split(";")
        try:
            if fields[0] == "resnet50":
                step = TrainingStep(*map(int, fields[1:]))
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
