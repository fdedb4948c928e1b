// Optimizers race over two landscapes: a ravine, and the loss of a sigmoid neuron; a ball rolls out of a hollow; a step on all data, on a few, on one.
import { adam, rmsprop, sgd, sigmoid, tensor, variable, variableGrads } from "edgegrad";
import { example } from "./lib/example.mjs";
import { contours } from "./lib/landscape.mjs";

/** Heights twice: as a loss of the variable p, which optimizers go down, and as a function of numbers, which the contours are drawn from. */
const LANDSCAPES = {
  "a ravine": {
    loss: (p) => p.square().mul([0.05, 1]).sum(),
    f: (x, y) => 0.05 * x ** 2 + y ** 2,
    start: [-9, 2.2], best: [0, 0], x: [-10, 2], y: [-3, 3], rate: 0.08,
    about: "Twenty times steeper across than along. Plain descent is soon at the bottom and then creeps; momentum swings from wall to wall and still gets there first.",
  },
  "a neuron on two points": {
    loss: (p) => sigmoid(tensor([0.5, 2.5]).mul(p.slice("0")).add(p.slice("1"))).sub([0.2, 0.9]).square().sum().mul(0.5),
    f: (w, b) => 0.5 * [[0.5, 0.2], [2.5, 0.9]].reduce((sum, [x, y]) => sum + (1 / (1 + Math.exp(-(w * x + b))) - y) ** 2, 0),
    start: [-2, -2], best: [1.79176, -2.28217], x: [-4, 5], y: [-5, 3], rate: 1,
    about: "The loss of one sigmoid neuron, over its weight and its bias. The start lies on a plateau, where gradients are small: plain descent needs eighty steps to leave it; those that gather speed, or scale their steps, are off it much sooner.",
  },
};

const RACERS = {
  "gradient descent": (learningRate) => sgd({ learningRate }),
  momentum: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
  Nesterov: (learningRate) => sgd({ learningRate, momentum: 0.9, nesterov: true }),
  RMSprop: () => rmsprop({ learningRate: 0.05 }),
  Adam: () => adam({ learningRate: 0.2 }),
};

/** Where an optimizer goes: the place after every step. */
async function descend(optimizer, loss, start, steps) {
  const point = variable(start, { dtype: "float32" });
  const path = [[start].flat()];
  for (let i = 0; i < steps; i++) {
    optimizer.apply(variableGrads(() => loss(point), [point]).grads);
    path.push([...(await point.data())]);
  }
  return path;
}

/** Fits a line to 64 points that are looked at `size` at a time, `used` in all: its slope and offset after every step. */
async function fitLine(size, used) {
  const xs = Array.from({ length: 64 }, (_, i) => i / 32 - 1);
  const ys = xs.map((x, i) => 1.5 * x - 0.5 + 0.4 * Math.sin(i * 12.9898));
  const line = variable([0, 0], { dtype: "float32" });
  const optimizer = sgd({ learningRate: 0.1 });
  const path = [[0, 0]];
  for (let seen = 0; seen < used; seen += size) {
    // 37 and 64 have no common factor: every point comes once in 64.
    const rows = Array.from({ length: size }, (_, k) => ((seen + k) * 37) % 64);
    const [x, y] = [xs, ys].map((all) => tensor(rows.map((row) => all[row])));
    optimizer.apply(variableGrads(() => x.mul(line.slice("0")).add(line.slice("1")).sub(y).square().mean(), [line]).grads);
    path.push([...(await line.data())]);
  }
  return path;
}

export default example(
  import.meta.url,
  "Optimizers race",
  "From the same start, a step of each at a time: the dots run, the loss falls. Every optimizer sees the same gradient and makes something else of it: a step, a push, a step of a length of its own for each weight.",
  async ({ page, small }) => {
    const steps = small ? 60 : 200;
    const reached = {};
    for (const [place, { loss, f, start, best, x, y, rate, about }] of Object.entries(LANDSCAPES)) {
      const paths = {};
      for (const [name, make] of Object.entries(RACERS)) paths[name] = await descend(make(rate), loss, start, steps);
      const losses = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path.map((point, i) => [i, Math.max(1e-12, f(...point))])]));
      reached[place] = Object.fromEntries(Object.entries(losses).map(([name, curve]) => [name, curve.at(-1)[1]]));
      page.heading(`${place[0].toUpperCase()}${place.slice(1)}`).text(about);
      page.plot({ ...paths, "the best place": { dots: [best], color: "#495057" } }, { x: "weight 1", y: "weight 2", xRange: x, yRange: y, under: contours({ f, x, y }), race: true, height: 340 });
      page.plot(losses, { x: "step", y: "loss", log: true, height: 340 });
    }

    // Two hollows with a hill between: -1.3 is a local minimum, 1.7 the global one.
    const hollow = (x) => x.pow(4).mul(0.25).sub(x.pow(3).mul(0.15)).sub(x.square().mul(1.1)).add(x.mul(0.25)).add(2);
    const heightsOf = async (xs) => [...(await hollow(tensor(xs, undefined, "float32")).data())].map((y, i) => [xs[i], y]);
    const roll = async (momentum) => heightsOf((await descend(sgd({ learningRate: 0.02, momentum }), hollow, -2.6, 150)).flat());
    const [still, rolling] = [await roll(0), await roll(0.9)];
    page.heading("A ball out of a ravine").text("Two hollows with a hill between them. Without momentum the ball stops in the first, a local minimum; with it, it rolls over the hill into the deeper one.");
    const slope = await heightsOf(Array.from({ length: 121 }, (_, i) => (i - 60) / 20));
    page.plot({ "without momentum": still, "with momentum": rolling, loss: { line: slope, thin: true, color: "#495057" } }, { x: "weight", y: "loss", race: true });

    const used = 64 * (small ? 6 : 20);
    const [batch, mini, single] = [await fitLine(64, used), await fitLine(8, used), await fitLine(1, used)];
    page.heading("All data in a step, a few, or one").text(`A line is fitted to 64 points; each run looks at ${used} examples. The more often the weights move, the sooner they are near the best, and the more they tremble there.`);
    page.plot({ "batch: all 64": batch, "mini-batch: 8": mini, "stochastic: 1": { line: single, thin: true } }, { x: "slope of the line", y: "its offset", height: 340 });

    page.heading(`Losses after ${steps} steps`).table(["", ...Object.keys(LANDSCAPES)], Object.keys(RACERS).map((name) => [name, ...Object.values(reached).map((losses) => losses[name].toExponential(1))]));
    return {
      "loss in the ravine, gradient descent": reached["a ravine"]["gradient descent"],
      "loss in the ravine, momentum": reached["a ravine"].momentum,
      "the ball stops at, without momentum": still.at(-1)[0],
      "with momentum": rolling.at(-1)[0],
      "slope by batches (best: 1.5)": batch.at(-1)[0],
      "slope by single examples": single.at(-1)[0],
    };
  },
);
