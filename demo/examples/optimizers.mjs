// Optimizers race over two landscapes: a ravine, and the loss of a sigmoid neuron; and a step on all data, on a few, on one.
import { adam, grad, rmsprop, sgd, sigmoid, tensor, variable, variableGrads } from "edgegrad";
import { example } from "./lib/example.mjs";

const LANDSCAPES = {
  "a ravine": { f: (x, y) => 0.05 * x * x + y * y, tensors: (p) => p.slice("0").square().mul(0.05).add(p.slice("1").square()), start: [-9, 2.2], x: [-10, 2], y: [-3, 3], best: [0, 0] },
  "a neuron on two points": {
    f: (w, b) => 0.5 * [[0.5, 0.2], [2.5, 0.9]].reduce((sum, [x, y]) => sum + (1 / (1 + Math.exp(-(w * x + b))) - y) ** 2, 0),
    tensors: (p) => sigmoid(tensor([0.5, 2.5]).mul(p.slice("0")).add(p.slice("1"))).sub(tensor([0.2, 0.9])).square().sum().mul(0.5),
    start: [-2, -2], x: [-4, 5], y: [-5, 3], best: [1.79176, -2.28217],
  },
};

const RACERS = {
  "gradient descent": (rate) => sgd({ learningRate: rate }),
  momentum: (rate) => sgd({ learningRate: rate, momentum: 0.9 }),
  Nesterov: (rate) => sgd({ learningRate: rate, momentum: 0.9, nesterov: true }),
  RMSprop: () => rmsprop({ learningRate: 0.05 }),
  Adam: () => adam({ learningRate: 0.2 }),
};
const RATES = { "a ravine": 0.08, "a neuron on two points": 1 };

/** Contours: a picture of heights on a logarithmic scale. */
function heights({ f, x, y }) {
  const cells = [];
  for (let i = 0; i < 80; i++) for (let j = 0; j < 60; j++) {
    const at = [x[0] + ((i + 0.5) / 80) * (x[1] - x[0]), y[0] + ((j + 0.5) / 60) * (y[1] - y[0])];
    cells.push([at[0], at[1], Math.round(8 * Math.log10(1e-3 + f(...at)))]);
  }
  return cells;
}

export default example(
  import.meta.url,
  "Optimizers race",
  "From the same start, each with its own way of using the gradient. In a ravine, plain gradient descent creeps; momentum rolls through; methods with a rate for each weight walk straight.",
  async ({ page, small }) => {
    const steps = small ? 60 : 200;
    const figures = {};
    for (const [place, landscape] of Object.entries(LANDSCAPES)) {
      const paths = {};
      for (const [name, make] of Object.entries(RACERS)) {
        const point = variable(landscape.start, { dtype: "float32" });
        const optimizer = make(RATES[place]);
        paths[name] = [landscape.start];
        for (let i = 0; i < steps; i++) {
          optimizer.apply(variableGrads(() => landscape.tensors(point), [point]).grads);
          paths[name].push([...(await point.data())]);
        }
      }
      const cells = heights(landscape);
      const levels = cells.map(([, , level]) => level);
      page.heading(place).chart({
        grid: { left: 48, right: 24, top: 44, bottom: 32 },
        legend: { top: 4, itemGap: 20, data: Object.keys(paths) },
        visualMap: { show: false, min: Math.min(...levels), max: Math.max(...levels), seriesIndex: 0, dimension: 2, inRange: { color: ["#ffffff", "#c5cae9", "#5c6bc0", "#283593"] } },
        color: ["#000000", "#ffd43b", "#ff6b6b", "#69db7c", "#ffa94d", "#66d9e8"],
        xAxis: { min: landscape.x[0], max: landscape.x[1], axisLine: { onZero: false } },
        yAxis: { min: landscape.y[0], max: landscape.y[1], axisLine: { onZero: false } },
        series: [
          {
            type: "custom", data: cells, silent: true, clip: true,
            renderItem: (_, api) => {
              const [width, height] = [(landscape.x[1] - landscape.x[0]) / 80, (landscape.y[1] - landscape.y[0]) / 60];
              const [px, py] = api.coord([api.value(0) - width / 2, api.value(1) + height / 2]);
              const [w, h] = api.size([width, height]);
              return { type: "rect", shape: { x: px, y: py, width: w + 1, height: h + 1 }, style: { fill: api.visual("color") } };
            },
          },
          ...Object.entries(paths).map(([name, data]) => ({ name, type: "line", symbolSize: 3, clip: true, lineStyle: { width: 2 }, data })),
          { type: "scatter", symbol: "diamond", symbolSize: 12, itemStyle: { color: "#000" }, data: [landscape.best] },
        ],
      }, { height: 460 });
      const losses = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path.map(([a, b], i) => [i, Math.max(1e-12, landscape.f(a, b))])]));
      page.lines(losses, { x: "step", y: "loss", log: true });
      for (const [name, curve] of Object.entries(losses)) figures[`${name}, ${place}`] = curve.at(-1)[1];
    }

    // A ball on a curve with two hollows: without momentum it stays in the first.
    const hollow = (x) => 0.25 * x ** 4 - 0.15 * x ** 3 - 1.1 * x ** 2 + 0.25 * x + 2;
    const rolled = {};
    for (const [name, make] of [["without momentum", () => sgd({ learningRate: 0.02 })], ["with momentum", () => sgd({ learningRate: 0.02, momentum: 0.9 })]]) {
      const ball = variable(-2.6, { dtype: "float32" });
      const optimizer = make();
      rolled[name] = [[-2.6, hollow(-2.6)]];
      for (let i = 0; i < 150; i++) {
        optimizer.apply(variableGrads(() => ball.pow(4).mul(0.25).sub(ball.pow(3).mul(0.15)).sub(ball.square().mul(1.1)).add(ball.mul(0.25)), [ball]).grads);
        const [x] = await ball.data();
        rolled[name].push([x, hollow(x)]);
      }
    }
    page.heading("A ball and two hollows").chart({
      grid: { left: 48, right: 24, top: 44, bottom: 32 },
      legend: { top: 4, itemGap: 20 },
      xAxis: { min: -3, max: 3 },
      yAxis: { axisLine: { onZero: false } },
      series: [
        { name: "the curve", type: "line", showSymbol: false, data: Array.from({ length: 121 }, (_, i) => [(i - 60) / 20, hollow((i - 60) / 20)]) },
        ...Object.entries(rolled).map(([name, data]) => ({ name, type: "scatter", symbolSize: 6, data })),
      ],
    });
    figures.stuckAt = rolled["without momentum"].at(-1)[0];
    figures.rolledTo = rolled["with momentum"].at(-1)[0];

    // The same 64 points of a noisy line, used 64, 8 or 1 at a time; as many points in all.
    const xs = Array.from({ length: 64 }, (_, i) => i / 32 - 1);
    const ys = xs.map((x, i) => 1.5 * x - 0.5 + 0.4 * Math.sin(i * 12.9898));
    const runs = {};
    for (const [name, size] of [["batch: all 64", 64], ["mini-batch: 8", 8], ["stochastic: 1", 1]]) {
      let w = tensor([0, 0], undefined, "float32");
      runs[name] = [[0, 0]];
      for (let used = 0; used < 64 * (small ? 6 : 20); used += size) {
        const rows = Array.from({ length: size }, (_, k) => ((used + k) * 37) % 64);
        const [x, y] = [tensor(rows.map((r) => xs[r]), undefined, "float32"), tensor(rows.map((r) => ys[r]), undefined, "float32")];
        w = w.sub(grad((p) => x.mul(p.slice("0")).add(p.slice("1")).sub(y).square().mean())(w).mul(0.1));
        runs[name].push([...(await w.data())]);
      }
    }
    page.heading("All data in a step, a few, or one").text("As many examples are looked at in each run. The more often the weights move, the sooner they are near the best, and the more they tremble there.");
    page.lines(runs, { x: "slope", y: "offset", height: 380 });
    const [batch, , single] = Object.values(runs).map((path) => path.at(-1));
    figures.batchSlope = batch[0];
    figures.stochasticSlope = single[0];
    return figures;
  },
);
