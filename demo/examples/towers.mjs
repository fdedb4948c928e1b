// Universal approximation, built: towers of steep sigmoids side by side follow any curve, and any landscape.
import { classics, sigmoid, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const curve = (x) => Math.sin(3 * x) + x / 2;
const landscape = (x, y) => 0.5 + 0.5 * Math.sin(5 * x) * Math.cos(4 * y);

const SIDE = 96;
const SQUARE = Array.from({ length: SIDE * SIDE }, (_, i) => [(i % SIDE) / (SIDE - 1), 1 - Math.floor(i / SIDE) / (SIDE - 1)]);
const colored = (heights, label) => ({ pixels: Array.from(heights).flatMap((h) => [40 + 215 * h, 70 + 120 * h, 160 - 110 * h]), width: SIDE, height: SIDE, channels: 3, label });

export default example(
  import.meta.url,
  "Towers that approximate anything",
  "One steep sigmoid is a step, two make a tower, and towers side by side, as high as the curve is in their middle, follow it: ten times the neurons, a tenth of the error. Nothing is trained here: the weights are written down. That is why a network with one hidden layer can be any continuous function.",
  async ({ page, small }) => {
    const wide = Float32Array.from({ length: 201 }, (_, i) => (i - 100) / 200);
    const steps = {};
    for (const weight of [5, 20, 100, 1000]) steps[`σ(${weight}x)`] = [...(await sigmoid(tensor(wide).mul(weight)).data())].map((y, i) => [wide[i], y]);
    const edge = (x, shift) => sigmoid(tensor(x).sub(shift).mul(100));
    const tower = [...(await edge(wide, -0.2).sub(edge(wide, 0.2)).data())].map((y, i) => [wide[i], y]);
    page.heading("A sigmoid becomes a step, two steps a tower").plot(steps, { x: "x", y: "output" }).plot({ tower }, { x: "x", y: "σ(100(x + 0.2)) − σ(100(x − 0.2))" });

    const x = Float32Array.from({ length: 1001 }, (_, i) => i / 1000);
    const truth = [...x].map((at) => [at, curve(at)]);
    const errors = [];
    page.heading("One dimension: n towers are 2n + 1 neurons");
    for (const count of small ? [5, 20, 100] : [5, 20, 100, 1000]) {
      const y = await (await classics.towers(curve, { towers: count }).predict(tensor(x, [x.length, 1]), { batchSize: x.length })).data();
      errors.push([count, Math.max(...x.map((at, i) => Math.abs(y[i] - curve(at))))]);
      if (count <= 20) page.plot({ "the curve": truth, [`${count} towers`]: [...x].map((at, i) => [at, y[i]]) }, { x: "x", y: "f(x)" });
    }
    page.table(["towers", "neurons", "largest error"], errors.map(([count, error]) => [count, 2 * count + 1, error.toPrecision(2)]));

    const pictures = [colored(SQUARE.map(([a, b]) => landscape(a, b)), "the landscape")];
    let error = 0;
    for (const count of small ? [3, 8] : [3, 8, 24]) {
      const z = await (await classics.towers2d(landscape, { towers: count }).predict(tensor(SQUARE), { batchSize: 512 })).data();
      error = SQUARE.reduce((total, [a, b], i) => total + Math.abs(z[i] - landscape(a, b)), 0) / z.length;
      pictures.push(colored(z, `${count} × ${count} towers: off by ${error.toFixed(3)} on average`));
    }
    page.heading("Two dimensions").text("Four steps and a threshold make a tower on a square; low is blue, high is orange.").pictures(pictures, { scale: 2 });
    return { [`largest error, ${errors[0][0]} towers`]: errors[0][1], [`${errors.at(-1)[0]} towers`]: errors.at(-1)[1], "mean error in two dimensions": error };
  },
);
