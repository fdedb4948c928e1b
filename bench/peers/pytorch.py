"""PyTorch as a contender: worker.mjs in Python. Environment: THREADS. Tensors lie in its memory; a call ends when its result is there."""

import json
import os
import sys
import time

THREADS = int(os.environ["THREADS"])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)

import numpy as np  # noqa: E402: after the environment is set
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(THREADS)
SAMPLE_MS = 4
CHANNELS_FIRST = (0, 3, 1, 2)
FILTERS_FIRST = (3, 2, 0, 1)


def read_tensors(files):
    data = np.fromfile(files["path"], dtype=np.float32)
    view = lambda t: data[t["offset"] : t["offset"] + int(np.prod(t["shape"]))].reshape(t["shape"])
    return [{t["name"]: torch.from_numpy(view(t).copy()) for t in tensors} for tensors in files["sets"]]


def write_tensors(path, tensors):
    offset, layout = 0, []
    with open(path, "wb") as file:
        for name, data in tensors:
            flat = data.detach().contiguous().numpy().ravel()
            file.write(flat.tobytes())
            layout.append({"name": name, "shape": [flat.size], "offset": offset})
            offset += flat.size
    return {"path": path, "sets": [layout]}


def first_channels(name, tensor):
    """Images and filters in its usual order of axes."""
    return tensor if tensor.dim() < 4 else tensor.permute(FILTERS_FIRST if name == "w" else CHANNELS_FIRST).contiguous()


class Op:
    def __init__(self, job, _weights):
        self.compute = OPS[job["kind"]](job)
        self.sets, self.outputs = [], {}

    def load(self, sets):
        self.sets = [{name: first_channels(name, tensor) for name, tensor in inputs.items()} for inputs in sets]

    def call(self, i):
        self.outputs = self.compute(**self.sets[i])

    def read(self):
        last = lambda name, t: t if t.dim() < 4 else t.permute(2, 3, 1, 0) if name == "dw" else t.permute(0, 2, 3, 1)
        return [(name, last(name, tensor)) for name, tensor in self.outputs.items()]


def convolution(job):
    def forward(x, w):
        return {"y": F.conv2d(x, w, padding=1)}

    def train(x, w, dy):
        with torch.enable_grad():
            x, w = x.detach().requires_grad_(), w.detach().requires_grad_()
            y = F.conv2d(x, w, padding=1)
        dx, dw = torch.autograd.grad(y, (x, w), dy)
        return {"y": y, "dx": dx, "dw": dw}

    return train if job["train"] else forward


OPS = {
    "matmul": lambda job: lambda a, b: {"y": torch.mm(a.t() if job["ta"] else a, b)},
    "conv3x3": convolution,
    "softmax": lambda job: lambda x: {"y": torch.softmax(x, -1)},
    "layernorm": lambda job: lambda x, gamma, beta: {"y": F.layer_norm(x, x.shape[-1:], gamma, beta, 1e-5)},
    "gelu": lambda job: lambda x: {"y": F.gelu(x)},
    "chain": lambda job: lambda a, b, c: {"y": torch.relu(a * b + c)},
}


def network(job, weights):
    """The network of a job, from kernels [in, out] and [height, width, in, out]."""
    layers, last = [], None
    for i, shape in enumerate(job["layers"]):
        kernel, bias = weights[f"k{i}"], weights[f"b{i}"]
        if kernel.dim() == 4:
            height, _, inputs, outputs = kernel.shape
            layer = torch.nn.Conv2d(inputs, outputs, height, padding=shape["padding"])
            kernel = kernel.permute(FILTERS_FIRST)
            layers += [layer, torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
        else:
            if last is not None and last.dim() == 4:
                channels = last.shape[3]
                kernel = kernel.reshape(-1, channels, kernel.shape[1]).transpose(0, 1).reshape(kernel.shape)
                layers.append(torch.nn.Flatten())
            layer = torch.nn.Linear(*kernel.shape)
            kernel = kernel.t()
            layers += [layer, torch.nn.ReLU()]
        layer.weight.data = kernel.contiguous()
        layer.bias.data = bias
        last = weights[f"k{i}"]
    return torch.nn.Sequential(*layers[:-1])


class Prediction:
    def __init__(self, job, weights):
        self.model = network(job, weights).eval()

    def load(self, sets):
        self.sets = [first_channels("x", inputs["x"]).numpy() for inputs in sets]

    def call(self, i):
        with torch.inference_mode():
            self.y = torch.softmax(self.model(torch.from_numpy(self.sets[i])), -1).numpy()

    def read(self):
        return [("y", torch.from_numpy(self.y))]


class Training:
    form = "outside"

    def __init__(self, job, weights):
        torch.set_grad_enabled(True)
        self.model = network(job, weights)
        parameters = self.model.parameters()
        self.optimizer = torch.optim.RMSprop(parameters, lr=0.001, alpha=0.9, eps=1e-7) if job["network"] == "mlp" else torch.optim.Adam(parameters, lr=0.001, eps=1e-7)

    def load(self, sets):
        self.sets = [(first_channels("x", inputs["x"]).numpy(), inputs["y"].argmax(1).numpy()) for inputs in sets]

    def call(self, i):
        x, y = (torch.from_numpy(data) for data in self.sets[i])
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def read(self):
        return []


def turn(contender, message, state):
    if message.get("inputs"):
        sets = read_tensors(message["inputs"])
        contender.load(sets)
        state["sets"] = len(sets)
    wanted, limit = message.get("calls", float("inf")), message.get("ms", float("inf"))
    samples, losses, calls = [], [], 0
    clock = lambda: time.perf_counter() * 1000
    begin, used = clock(), time.process_time()
    while True:
        count = int(min(wanted - calls, max(1, round(SAMPLE_MS / state["ms"]))))
        start = clock()
        for _ in range(count):
            loss = contender.call(calls % state["sets"])
            calls += 1
            if loss is not None:
                losses.append(loss)
        state["ms"] = (clock() - start) / count
        samples.append(state["ms"])
        if calls >= wanted or clock() - begin >= limit:
            break
    cpu = (time.process_time() - used) * 1000 / calls
    samples.sort()
    result = {"ms": samples[len(samples) // 2], "best": samples[0], "cpu": cpu, "calls": calls, "set": (calls - 1) % state["sets"], "losses": losses}
    if message.get("out"):
        result["outputs"] = write_tensors(message["out"], contender.read())
    return result


def main():
    torch.set_grad_enabled(False)
    answers = os.fdopen(3, "w", buffering=1)
    contender, state = None, {"ms": SAMPLE_MS, "sets": 1}
    for line in sys.stdin:
        message = json.loads(line)
        try:
            if "make" in message:
                kind = {"infer": Prediction, "train": Training}.get(message["make"]["kind"], Op)
                weights = read_tensors(message["weights"])[0] if message.get("weights") else {}
                contender = kind(message["make"], weights)
                answer = {"form": getattr(contender, "form", None)}
            else:
                answer = turn(contender, message["turn"], state)
        except Exception as error:  # whatever it is, the bench shows it
            answer = {"error": (str(error) or type(error).__name__).split("\n")[0][:300]}
        answers.write(json.dumps(answer) + "\n")


main()
