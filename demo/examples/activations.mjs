// All activations in one picture, and their slopes: what they let through, where they saturate, which are not monotone.
import {
  celu, elu, gelu, grad, hardShrink, hardSigmoid, hardSwish, leakyRelu, logSigmoid, mish, relu, relu6, selu, sigmoid, silu, softplus, softShrink, softsign, tanh, tanhShrink, tensor,
} from "edgegrad";
import { example } from "./lib/example.mjs";

const FAMILIES = {
  "S-shaped: they saturate on both sides": { sigmoid, hardSigmoid, tanh, softsign },
  "Half a line: nothing or little passes below 0": { relu, relu6, leakyRelu: (x) => leakyRelu(x, 0.1), elu, selu, celu, softplus },
  "Smooth, with a dip below 0: not monotone": { gelu, silu, mish, hardSwish },
  "Others": { logSigmoid, softShrink, hardShrink, tanhShrink },
};

const isRising = (values) => values.every((value, i) => i === 0 || value >= values[i - 1] - 1e-6);

export default example(
  import.meta.url,
  "Activations compared",
  "Every activation function between −4 and 4, family by family, and the slopes that gradients are multiplied with.",
  async ({ page, small }) => {
    const count = small ? 81 : 321;
    const z = Array.from({ length: count }, (_, i) => (8 * i) / (count - 1) - 4);
    const x = tensor(z, undefined, "float32");
    const curve = async (values) => [...(await values.data())].map((value, i) => [z[i], value]);
    const [rows, notMonotone] = [[], []];
    for (const [family, functions] of Object.entries(FAMILIES)) {
      const [curves, slopes] = [{}, {}];
      for (const [name, f] of Object.entries(functions)) {
        curves[name] = await curve(f(x));
        slopes[name] = await curve(grad((v) => f(v).sum())(x));
        const [values, steepness] = [curves, slopes].map((lines) => lines[name].map(([, value]) => value));
        const rising = isRising(values);
        if (!rising) notMonotone.push(name);
        rows.push([name, Math.min(...values).toFixed(3), Math.max(...values).toFixed(3), Math.max(...steepness).toFixed(3), rising ? "yes" : "no"]);
      }
      page.heading(family).lines(curves, { x: "z", y: "f(z)" }).lines(slopes, { x: "z", y: "f′(z)" });
    }
    page.heading("In numbers").table(["activation", "least", "most", "steepest", "monotone"], rows);
    const steepest = Object.fromEntries(rows.map(([name, , , most]) => [name, Number(most)]));
    return { curves: rows.length, notMonotone: notMonotone.length, steepestSigmoid: steepest.sigmoid, steepestTanh: steepest.tanh };
  },
);
