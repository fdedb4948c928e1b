// Universal approximation, built: towers of steep sigmoids side by side follow any curve, and any landscape.
import { classics, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const curve = (x) => Math.sin(3 * x) + x / 2;
const landscape = (x, y) => 0.5 + 0.5 * Math.sin(5 * x) * Math.cos(4 * y);

const SIDE = 96;
const square = Array.from({ length: SIDE * SIDE }, (_, i) => [(i % SIDE) / (SIDE - 1), 1 - Math.floor(i / SIDE) / (SIDE - 1)]);
const colored = (heights) => heights.flatMap((h) => [40 + 215 * h, 70 + 120 * h, 160 - 110 * h]);

export default example(
  import.meta.url,
  "Towers that approximate anything",
  "Two steep sigmoids make a tower; n of them, as high as the curve is in their middle, follow it to within a step of size 1/n. Nothing is trained: the weights are written down.",
  async ({ page, small }) => {
    const x = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);
    const xs = tensor(x, [x.length, 1]);
    const counts = small ? [5, 20] : [5, 20, 100, 1000];
    const errors = [];
    const curves = { "the curve": [...x].map((at) => [at, curve(at)]) };
    for (const count of counts) {
      const y = await (await classics.towers(curve, { towers: count }).predict(xs, { batchSize: x.length })).data();
      errors.push([count, Math.max(...x.map((at, i) => Math.abs(y[i] - curve(at))))]);
      if (count <= 20) curves[`${count} towers`] = [...x].map((at, i) => [at, y[i]]);
    }
    page.heading("One dimension: 2n + 1 neurons").lines(curves, { x: "x" });
    page.table(["towers", "neurons", "largest error"], errors.map(([count, error]) => [count, 2 * count + 1, error.toPrecision(3)]));

    page.heading("The steeper, the more a step").lines(
      Object.fromEntries([5, 20, 100, 1000].map((w) => [`σ(${w}x)`, Array.from({ length: 201 }, (_, i) => [(i - 100) / 200, 1 / (1 + Math.exp((-w * (i - 100)) / 200))])])),
      { x: "x", height: 240 },
    );

    const pictures = [{ pixels: colored(square.map(([a, b]) => landscape(a, b))), width: SIDE, height: SIDE, channels: 3, label: "the landscape" }];
    let last = 0;
    for (const count of small ? [3, 8] : [3, 8, 24]) {
      const z = await (await classics.towers2d(landscape, { towers: count }).predict(tensor(square), { batchSize: 512 })).data();
      last = square.reduce((total, [a, b], i) => total + Math.abs(z[i] - landscape(a, b)), 0) / z.length;
      pictures.push({ pixels: colored([...z]), width: SIDE, height: SIDE, channels: 3, label: `${count} × ${count} towers: mean error ${last.toFixed(3)}` });
    }
    page.heading("Two dimensions").pictures(pictures, { scale: 2 });
    return { firstError: errors[0][1], lastError: errors.at(-1)[1], squareError: last };
  },
);
