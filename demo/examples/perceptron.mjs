// The perceptron learns a line: each correction turns its weights towards a point that it got wrong.
import { classics } from "edgegrad";
import { example } from "./lib/example.mjs";

const TRUTH = [1, 2];

/** Points of two classes on either side of x + 2y = 0.3, with a gap between them. */
function points(count) {
  const spread = (i) => ((Math.abs(Math.sin(i * 12.9898)) * 43758.5453) % 1) * 4 - 2;
  return Array.from({ length: count * 2 }, (_, i) => [spread(i + 1), spread(i + 1000.5)])
    .filter(([x, y]) => Math.abs(x + 2 * y - 0.3) > 0.15)
    .slice(0, count);
}

/** Where w₁x + w₂y + b is 0, from the left to the right end of the chart. */
const boundary = ([w1, w2, b]) => [-2, 2].map((x) => [x, -(w1 * x + b) / (w2 || 1e-9)]);

export default example(
  import.meta.url,
  "The perceptron and its rule",
  "A neuron with a hard threshold is shown points of two classes. After every mistake, and only then, the point is added to its weights or taken away, and the line turns. Where a line can part the classes, the mistakes come to an end; where none can, as for exclusive or, they never do.",
  async ({ page, small }) => {
    const data = points(small ? 40 : 120);
    const labels = data.map(([x, y]) => Number(x + 2 * y > 0.3));
    const neuron = classics.perceptron({ inputs: 2, weights: [1, -1] });
    const { errors, corrections, converged } = neuron.fit(data, labels);

    const side = (label) => ({ dots: data.filter((_, i) => labels[i] === label) });
    const after = (i) => ({ [`after ${i} corrections`]: { line: boundary(corrections[i - 1]), dashed: i < corrections.length } });
    page.heading("The line moves").plot({ "class 0": side(0), "class 1": side(1), ...after(2), ...after(6), ...after(corrections.length) }, { x: "x", y: "y", xRange: [-2, 2], yRange: [-2, 2], height: 380 });

    const degrees = corrections.map(([a, b]) => (Math.acos((a * TRUTH[0] + b * TRUTH[1]) / (Math.hypot(a, b) * Math.hypot(...TRUTH))) * 180) / Math.PI);
    page.heading("It gets there by mistakes");
    page.plot({ angle: degrees }, { x: "correction", y: "angle between the weights and the true direction, in degrees" });
    page.plot({ mistakes: errors }, { x: "pass over the data", y: "mistakes" });

    const inputs = classics.combinations(2);
    const tables = Array.from({ length: 16 }, (_, k) => [0, 1, 2, 3].map((i) => (k >> i) & 1));
    const learns = (table) => classics.perceptron({ inputs: 2 }).fit(inputs, table, { epochs: 60 }).converged;
    const gives = (table) => classics.booleanNetwork(table)(inputs).dataSync().join() === table.join();
    page.heading("All 16 functions of two inputs").text("A perceptron learns 14 of them. No line parts exclusive or (0110) and its opposite (1001) from the rest; a network with 2² hidden thresholds gives every one.");
    page.table(["of 00, 01, 10, 11", "one perceptron", "4 hidden thresholds"], tables.map((table) => [table.join(""), learns(table) ? "learns it" : "cannot", gives(table) ? "gives it" : "wrong"]));
    return { mistakes: neuron.errors(data, labels), corrections: corrections.length, "passes over the data": errors.length, "functions learnt, of 16": tables.filter(learns).length, "degrees off at the end": degrees.at(-1), converged: converged ? "yes" : "no" };
  },
);
