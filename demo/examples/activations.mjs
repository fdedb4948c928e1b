// All activations in one picture, and their slopes: what they let through, where they saturate, which are not monotone.
import {
  celu, elu, gelu, grad, hardShrink, hardSigmoid, hardSwish, leakyRelu, logSigmoid, mish, relu, relu6, selu, sigmoid, silu, softplus, softShrink, softsign, tanh, tanhShrink, tensor,
} from "edgegrad";
import { example } from "./lib/example.mjs";

const FAMILIES = {
  "S-shaped: they saturate on both sides": { sigmoid, hardSigmoid, tanh, softsign },
  "Half a line: nothing or little passes below 0": { relu, relu6, leakyRelu: (x) => leakyRelu(x, 0.1), elu, selu, celu, softplus },
  "Smooth, with a dip below 0: not monotone": { gelu, silu, mish, hardSwish },
  "Shrinking towards 0, and the logarithm of the sigmoid": { softShrink, hardShrink, tanhShrink, logSigmoid },
};

const isRising = (values) => values.every((value, i) => i === 0 || value >= values[i - 1] - 1e-6);

export default example(
  import.meta.url,
  "Activations compared",
  "Each activation function from −4 to 4, on the left; its slope, with which gradients are multiplied on their way back, on the right. Where a slope is nearly 0, nothing is learned. A sigmoid's is a quarter at best: ten layers of it leave a millionth.",
  async ({ page, small }) => {
    const count = small ? 81 : 321;
    const z = Array.from({ length: count }, (_, i) => (8 * i) / (count - 1) - 4);
    const x = tensor(z, undefined, "float32");
    const rows = [];
    for (const [family, functions] of Object.entries(FAMILIES)) {
      const [curves, slopes] = [{}, {}];
      for (const [name, f] of Object.entries(functions)) {
        const [values, steepness] = [await f(x).data(), await grad((v) => f(v).sum())(x).data()];
        curves[name] = z.map((at, i) => [at, values[i]]);
        slopes[name] = z.map((at, i) => [at, steepness[i]]);
        rows.push({ name, least: Math.min(...values), most: Math.max(...values), steepest: Math.max(...steepness), rising: isRising(values) });
      }
      page.heading(family).plot(curves, { x: "z", y: "f(z)" }).plot(slopes, { x: "z", y: "slope f′(z)" });
    }
    page.heading("In numbers, from −4 to 4");
    page.table(["activation", "least", "most", "steepest", "monotone"], rows.map(({ name, least, most, steepest, rising }) => [name, least.toFixed(3), most.toFixed(3), steepest.toFixed(3), rising ? "yes" : "no"]));
    const steepest = (name) => Number(rows.find((row) => row.name === name).steepest.toFixed(4));
    return { functions: rows.length, "not monotone": rows.filter(({ rising }) => !rising).length, "steepest slope of sigmoid": steepest("sigmoid"), "of tanh": steepest("tanh") };
  },
);
