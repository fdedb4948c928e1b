// The perceptron learns a line: each correction turns its weights towards a point that it got wrong.
import { classics } from "edgegrad";
import { example } from "./lib/example.mjs";

/** Points of two classes on either side of x + 2y = 0.3, with a gap between them. */
function points(count) {
  const spread = (i) => ((Math.abs(Math.sin(i * 12.9898)) * 43758.5453) % 1) * 4 - 2;
  return Array.from({ length: count * 2 }, (_, i) => [spread(i + 1), spread(i + 1000.5)])
    .filter(([x, y]) => Math.abs(x + 2 * y - 0.3) > 0.15)
    .slice(0, count);
}

export default example(
  import.meta.url,
  "The perceptron and its rule",
  "A neuron with a hard threshold is shown points of two classes. After every mistake the point is added to its weights, or taken away; the boundary stands at a right angle to them.",
  async ({ page, small }) => {
    const data = points(small ? 40 : 120);
    const labels = data.map(([x, y]) => Number(x + 2 * y > 0.3));
    const neuron = classics.perceptron({ inputs: 2, weights: [1, -1] });
    const { errors, corrections, converged } = neuron.fit(data, labels);

    const line = ([w1, w2, b]) => [-2, 2].map((x) => [x, -(w1 * x + b) / (w2 || 1e-9)]);
    const shown = [...new Set([0, 1, 3, Math.floor(corrections.length / 2), corrections.length - 1])].filter((i) => i >= 0 && i < corrections.length);
    page.heading("The line moves").chart({
      grid: { left: 48, right: 24, top: 44, bottom: 32 },
      legend: { top: 4, itemGap: 18 },
      xAxis: { min: -2, max: 2 },
      yAxis: { min: -2, max: 2 },
      series: [
        ...[0, 1].map((side) => ({ name: `class ${side}`, type: "scatter", symbolSize: 7, data: data.filter((_, i) => labels[i] === side) })),
        ...shown.map((i) => ({ name: `correction ${i + 1}`, type: "line", showSymbol: false, clip: true, lineStyle: { width: i === shown.at(-1) ? 3 : 1.5, type: i === shown.at(-1) ? "solid" : "dashed" }, data: line(corrections[i]) })),
      ],
    }, { height: 480 });

    const truth = [1, 2];
    const degrees = corrections.map(([a, b]) => (Math.acos((a * truth[0] + b * truth[1]) / (Math.hypot(a, b) * Math.hypot(...truth))) * 180) / Math.PI);
    page.heading("The angle between the weights and the true direction").lines({ degrees }, { x: "correction", y: "degrees" });
    page.heading("Mistakes in each pass over the data").lines({ mistakes: errors }, { x: "pass" });

    const tables = Array.from({ length: 16 }, (_, k) => [0, 1, 2, 3].map((i) => (k >> i) & 1));
    const learnt = tables.filter((table) => classics.perceptron({ inputs: 2 }).fit(classics.combinations(2), table, { epochs: 60 }).converged);
    page.heading("All functions of two inputs").text("A perceptron learns 14 of the 16; no line parts exclusive or and its opposite. Four hidden thresholds give every one.");
    page.table(["00 01 10 11", "one perceptron", "2² hidden thresholds"], tables.map((table) => [
      table.join("  "),
      learnt.includes(table) ? "learns it" : "cannot",
      [...classics.booleanNetwork(table)(classics.combinations(2)).dataSync()].join("") === table.join("") ? "gives it" : "wrong",
    ]));
    return { passes: errors.length, corrections: corrections.length, converged: Number(converged), mistakes: neuron.errors(data, labels), learnable: learnt.length, angle: degrees.at(-1) };
  },
);
