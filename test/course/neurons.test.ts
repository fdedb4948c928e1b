// The course's neurons: McCulloch and Pitts', the perceptron and its rule, Boolean functions, and networks that are built instead of trained.
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { dot, init, sigmoid, tensor } from "../../src/engine/index.js";
import { adam, classics, layers, sequential } from "../../src/nn/index.js";

const { booleanNetwork, combinations, fires, mcCullochPitts, perceptron, towers, towers2d } = classics;

beforeAll(() => init());

const sides = (x: Parameters<typeof fires>[0], weights: readonly number[], bias = 0): number[] => [...fires(x, weights, bias).dataSync()];
const wrong = (found: readonly number[], wanted: readonly number[]): number => wanted.filter((label, i) => label !== found[i]).length;

const FOUR = combinations(2);
const EIGHT = combinations(3);
const AND = FOUR.map(([a, b]) => a! & b!);
const OR = FOUR.map(([a, b]) => a! | b!);
const NAND = AND.map((y) => 1 - y);
const XOR = FOUR.map(([a, b]) => a! ^ b!);
const AND3 = EIGHT.map((row) => Number(row.every(Boolean)));
const OR3 = EIGHT.map((row) => Number(row.some(Boolean)));

describe("the McCulloch-Pitts neuron", () => {
  test("[N1] AND of three at threshold 3, OR of three and of two at threshold 1; an inhibitory input silences it", () => {
    expect([...mcCullochPitts({ threshold: 3 })(EIGHT).dataSync()]).toEqual(AND3);
    expect([...mcCullochPitts({ threshold: 1 })(EIGHT).dataSync()]).toEqual(OR3);
    expect([...mcCullochPitts({ threshold: 1 })(FOUR).dataSync()]).toEqual(OR);
    const unless = mcCullochPitts({ threshold: 1, inhibitory: [1] });
    expect([...unless(FOUR).dataSync()]).toEqual(FOUR.map(([a, b]) => Number(a === 1 && b === 0)));
  });

  test("[N2] a weight −p silences n inputs of weight w for every threshold above n·w − p, and not for that threshold itself", () => {
    const [n, w, p] = [3, 1, 2];
    const rows = combinations(n + 1);
    const weighted = (threshold: number): number[] => sides(rows, [...new Array<number>(n).fill(w), -p], -threshold);
    const absolute = (threshold: number): number[] => [...mcCullochPitts({ threshold, inhibitory: [n] })(rows).dataSync()];
    expect(weighted(n * w - p + 0.5)).toEqual(absolute(n * w - p + 0.5));
    expect(weighted(2)).toEqual(absolute(2));
    expect(weighted(n * w - p)).not.toEqual(absolute(n * w - p));
  });

  test("[N3] it fires on and above the line x₁ + x₂ = 1, and the plane x₁ + x₂ + x₃ = 1", () => {
    const neuron = mcCullochPitts({ threshold: 1 });
    const random = createRandom(2);
    const points = Array.from({ length: 200 }, () => [random.uniform(-1, 2), random.uniform(-1, 2), random.uniform(-1, 2)]);
    const flat = points.map(([a, b]) => [a!, b!]);
    const sumOf = (row: readonly number[]): number => row.reduce((total, x) => Math.fround(total + Math.fround(x)), 0);
    expect([...neuron(flat).dataSync()]).toEqual(flat.map((row) => Number(sumOf(row) >= 1)));
    expect([...neuron(points).dataSync()]).toEqual(points.map((row) => Number(sumOf(row) >= 1)));
    expect([...neuron([[0.25, 0.75], [0.25, 0.7]]).dataSync()]).toEqual([1, 0]);
  });

  test("[N4] rows of OR and of AND that thresholds 0 … 5 get right: 7 8 5 2 1 1 and 1 2 5 8 7 7", () => {
    const right = (table: readonly number[]): number[] => [0, 1, 2, 3, 4, 5].map((threshold) => 8 - wrong([...mcCullochPitts({ threshold })(EIGHT).dataSync()], table));
    expect(right(OR3)).toEqual([7, 8, 5, 2, 1, 1]);
    expect(right(AND3)).toEqual([1, 2, 5, 8, 7, 7]);
  });

  test("bad input says what was expected", () => {
    expect(() => mcCullochPitts({ threshold: 1 })([1, 0])).toThrow(/mcCullochPitts: expected points \[batch, inputs\], got \[2\]/);
    expect(() => mcCullochPitts({ threshold: 1, inhibitory: [2] })([[1, 0]])).toThrow(/expected positions below 2, got 2/);
    expect(() => booleanNetwork([0, 1, 1])).toThrow(/expected a table of 2ⁿ values, got 3/);
    expect(() => perceptron({ inputs: 2 }).fit(FOUR, [1, 0])).toThrow(/got 4 points and 2 labels/);
    expect(() => perceptron({ inputs: 2 }).fit(FOUR, [1, 0, -1, 0])).toThrow(/expected labels 0 and 1, got -1/);
  });
});

describe("the perceptron", () => {
  test("[N5] the class of w = (−.5, −.5) lies below x₂ = −x₁", () => {
    expect(sides([[-1, -1], [1, 1], [-2, 1], [2, -1]], [-0.5, -0.5])).toEqual([1, 0, 1, 0]);
  });

  test("[N6] a threshold θ is a weight −θ of an input that is always 1", () => {
    const random = createRandom(3);
    const points = Array.from({ length: 100 }, () => [random.normal(), random.normal()]);
    const [w, theta] = [[0.75, -1.25], 0.5];
    expect(sides(points, w, -theta)).toEqual(sides(points.map((row) => [1, ...row]), [-theta, ...w]));
  });

  test("[N7] after training, y · (w·x + b) is positive for every point", () => {
    const random = createRandom(4);
    const points = Array.from({ length: 60 }, () => [random.normal(), random.normal()]).filter(([a, b]) => Math.abs(2 * a! - b! + 0.3) > 0.2);
    const labels = points.map(([a, b]) => Number(2 * a! - b! + 0.3 > 0));
    const neuron = perceptron({ inputs: 2 });
    const { converged, errors } = neuron.fit(points, labels);
    expect(converged).toBe(true);
    expect(errors.at(-1)).toBe(0);
    const [w, b] = [neuron.weights.dataSync(), neuron.bias!.dataSync()[0]!];
    const margins = points.map(([x, y], i) => (2 * labels[i]! - 1) * (w[0]! * x! + w[1]! * y! + b));
    expect(Math.min(...margins)).toBeGreaterThan(0);
  });

  test("[N8] OR by (−1, 1.1, 1.1), [N9] NAND by (1, −.5, −.7): no error", () => {
    expect(sides(FOUR, [1.1, 1.1], -1)).toEqual(OR);
    expect(sides(FOUR, [-0.5, -0.7], 1)).toEqual(NAND);
    // Its line: x₂ = (1 − .5·x₁) / .7. Below it the neuron fires, above it does not.
    const line = (x: number): number => (1 - 0.5 * x) / 0.7;
    for (const x of [-1, 0, 2]) expect(sides([[x, line(x) - 1e-3], [x, line(x) + 1e-3]], [-0.5, -0.7], 1)).toEqual([1, 0]);
  });

  test("[N10] errors of three sets of weights for AND: 1, 1, 2; for OR: 3, 1, 2; and all four are possible", () => {
    const SETS = [[-1, -1, -1], [-1, 1.5, 0], [-1, 10, -10]] as const;
    expect(SETS.map(([b, ...w]) => wrong(sides(FOUR, w, b), AND))).toEqual([1, 1, 2]);
    expect(SETS.map(([b, ...w]) => wrong(sides(FOUR, w, b), OR))).toEqual([3, 1, 2]);
    expect(wrong(sides(FOUR, [-0.5, -0.7], 1), AND)).toBe(4);
    expect(wrong(sides(FOUR, [-1, -1], 0.5), OR)).toBe(4);
  });

  test("[N11] its rule adds or takes away the points it got wrong, and ends when classes can be separated", () => {
    for (const table of [AND, OR, NAND]) {
      const neuron = perceptron({ inputs: 2 });
      const { converged, corrections } = neuron.fit(FOUR, table);
      expect(converged).toBe(true);
      expect(neuron.errors(FOUR, table)).toBe(0);
      let before = [0, 0, 0];
      for (const weights of corrections) {
        const change = weights.map((value, i) => value - before[i]!);
        expect([...FOUR, ...FOUR.map((row) => row.map((x) => -x))].some((row) => change[0] === row[0] && change[1] === row[1])).toBe(true);
        before = [...weights];
      }
    }
    expect(perceptron({ inputs: 2 }).fit(FOUR, XOR, { epochs: 200 }).converged).toBe(false);
  });

  test("[N12] worked: (0, 0) → (1, −2) → (−1, −3); then (−2, 0) gives 2, class 1", () => {
    const neuron = perceptron({ inputs: 2, bias: null });
    const { corrections } = neuron.fit([[-1, 2], [2, 1]], [0, 0], { epochs: 1 });
    expect(corrections).toEqual([[1, -2], [-1, -3]]);
    expect([...neuron.predict([[-2, 0]]).dataSync()]).toEqual([1]);
    expect(dot(neuron.weights, [-2, 0]).dataSync()[0]).toBe(2);
  });

  test("[N13] each correction turns the weights towards the point it got wrong; in the end they stand upright on the boundary", () => {
    const random = createRandom(5);
    const angle = (a: readonly number[], b: readonly number[]): number => Math.acos((a[0]! * b[0]! + a[1]! * b[1]!) / (Math.hypot(...a) * Math.hypot(...b)));
    const truth = [1, 2];
    const points = Array.from({ length: 40 }, () => [random.normal(), random.normal()]).filter((x) => Math.abs(x[0]! + 2 * x[1]!) > 0.3);
    const labels = points.map(([a, b]) => Number(a! + 2 * b! > 0));
    let turned = 0;
    const neuron = perceptron({ inputs: 2, bias: null, weights: [1, -1] });
    points.forEach((point, i) => {
      const before = [...neuron.weights.dataSync()];
      const { corrections } = neuron.fit([point], [labels[i]!], { epochs: 1 });
      if (corrections.length === 0) return;
      turned++;
      const wanted = point.map((x) => (labels[i] ? x : -x));
      expect(angle(corrections[0]!, wanted)).toBeLessThan(angle(before, wanted));
    });
    expect(turned).toBeGreaterThan(3);
    neuron.fit(points, labels);
    const w = [...neuron.weights.dataSync()];
    expect(angle(w, [-w[1]!, w[0]!])).toBeCloseTo(Math.PI / 2, 6);
    expect(angle(w, truth)).toBeLessThan(0.5);
  });

  test("[N14] four perceptrons of ±1 that all fire: inside a square; [N15] one that fires is enough: outside of its complement", () => {
    const EDGES = [{ w: [1, 0], b: 1 }, { w: [-1, 0], b: 1 }, { w: [0, 1], b: 1 }, { w: [0, -1], b: 1 }] as const;
    const points = [[0, 0], [0.9, -0.9], [2, 0], [2, 2], [-3, 5]];
    const votes = EDGES.map(({ w, b }) => sides(points, w, b).map((y) => 2 * y - 1));
    const sums = points.map((_, i) => votes.reduce((total, vote) => total + vote[i]!, 0));
    expect(sums).toEqual([4, 4, 2, 0, 0]);
    expect(sums.map((sum) => Number(sum >= 4))).toEqual([1, 1, 0, 0, 0]);
    const outward = EDGES.map(({ w, b }) => sides(points, [-w[0], -w[1]], -b - 1e-6).map((y) => 2 * y - 1));
    expect(points.map((_, i) => Number(outward.reduce((total, vote) => total + vote[i]!, 0) > -4))).toEqual([0, 0, 1, 1, 1]);
  });
});

describe("Boolean functions", () => {
  const tables = (n: number): number[][] => Array.from({ length: 2 ** 2 ** n }, (_, k) => Array.from({ length: 2 ** n }, (__, i) => (k >> i) & 1));

  test("[N16] of 16 functions of two inputs a perceptron learns 14, all but XOR and its opposite; of 256 of three it learns 104", () => {
    const learnt = (n: number): number[][] => tables(n).filter((table) => perceptron({ inputs: n }).fit(combinations(n), table, { epochs: 60 }).converged);
    const two = learnt(2);
    expect(two).toHaveLength(14);
    expect(tables(2).filter((table) => !two.includes(table) && !two.some((one) => one.join() === table.join()))).toEqual([XOR, XOR.map((y) => 1 - y)].sort((a, b) => a[3]! - b[3]!));
    expect(learnt(3)).toHaveLength(104);
  });

  test("[N18] 2ⁿ hidden thresholds give all 16 functions of two inputs and all 256 of three", () => {
    for (const n of [2, 3]) for (const table of tables(n)) expect([...booleanNetwork(table)(combinations(n)).dataSync()]).toEqual(table);
  });

  test("[N17] exclusive or: a neuron cannot, [N22] a network with a hidden layer learns it without error; [N23] 2-2-1 has 9 parameters", async () => {
    const network = (hidden: readonly ReturnType<typeof layers.dense>[]) => {
      const model = sequential({ seed: 3, layers: [...hidden, layers.dense({ units: 1, activation: "sigmoid", ...(hidden.length === 0 && { inputShape: [2] }) })] });
      model.compile({ optimizer: adam({ learningRate: 0.05 }), loss: "binaryCrossentropy" });
      return model;
    };
    const errors = async (model: ReturnType<typeof network>): Promise<number> => {
      await model.fit(FOUR, XOR, { epochs: 400, batchSize: 4 });
      const p = [...(await model.predict(FOUR)).dataSync()];
      return wrong(p.map((value) => Number(value > 0.5)), XOR);
    };
    expect(await errors(network([]))).toBeGreaterThan(0);
    expect(await errors(network([layers.dense({ units: 4, activation: "tanh", inputShape: [2] })]))).toBe(0);
    expect(network([layers.dense({ units: 2, inputShape: [2] })]).countParams()).toBe(9);
  });
});

describe("the sigmoid neuron", () => {
  test("[N19] it goes from 0 to 1 without a jump, and the steeper, the more it is a step", () => {
    const at = (z: number): number => sigmoid(tensor([z], undefined, "float32")).dataSync()[0]!;
    expect([at(-100), at(0), at(100)]).toEqual([expect.closeTo(0, 30), 0.5, 1]);
    for (let z = -8; z < 8; z += 0.5) expect(at(z + 0.5)).toBeGreaterThan(at(z));
    const x = [-0.3, -0.1, 0.1, 0.3];
    const farthest = (steepness: number): number => Math.max(...x.map((v) => Math.abs(at(steepness * v) - Number(v >= 0))));
    const distances = [1, 10, 100, 1000].map(farthest);
    expect([...distances].sort((a, b) => b - a)).toEqual(distances);
    expect(distances.at(-1)).toBeLessThan(1e-6);
  });

  test("[N20] 10, 100 and 1,000 towers, 2n + 1 neurons, follow sin 3x + x/2 to within .18, .018 and .002", async () => {
    const f = (x: number): number => Math.sin(3 * x) + x / 2;
    const x = Float32Array.from({ length: 4001 }, (_, i) => i / 4000);
    const errorOf = async (count: number): Promise<number> => {
      const model = towers(f, { towers: count });
      expect(model.layers.map((layer) => layer.outputShape([1])[0]).length).toBe(2);
      expect(model.countParams()).toBe(2 * count * 2 + 2 * count + 1);
      const y = await (await model.predict(tensor(x, [x.length, 1]), { batchSize: 1000 })).data();
      return x.reduce((most, at, i) => Math.max(most, Math.abs(y[i]! - f(at))), 0);
    };
    const errors = [await errorOf(10), await errorOf(100), await errorOf(1000)];
    console.log(`towers: largest error ${errors.map((error) => error.toFixed(4)).join(", ")}`);
    expect(errors[0]).toBeLessThan(0.18);
    expect(errors[1]).toBeLessThan(0.018);
    expect(errors[2]).toBeLessThan(0.002);
  });

  test("[N21] a tower over a square takes 7 neurons, 6 where its ridges are added up in the crossing, and n × n of them come nearer as n grows", async () => {
    const f = (x: number, y: number): number => Math.sin(3 * x) * Math.cos(2 * y);
    const side = 41;
    const points = Array.from({ length: side * side }, (_, i) => [(i % side) / (side - 1), Math.floor(i / side) / (side - 1)]);
    const errorOf = async (count: number): Promise<number> => {
      const z = await (await towers2d(f, { towers: count }).predict(tensor(points), { batchSize: points.length })).data();
      return points.reduce((total, [x, y], i) => total + Math.abs(z[i]! - f(x!, y!)), 0) / points.length;
    };
    // Four sides, their crossing, the output. A neuron of its own for the sum of the ridges would be the seventh.
    const one = towers2d(() => 1, { towers: 1 });
    const widths = [4, 1, 1];
    expect(one.weights.filter(({ name }) => name.endsWith("bias")).map(({ shape }) => shape[0])).toEqual(widths);
    const errors = [await errorOf(2), await errorOf(5), await errorOf(15)];
    expect(errors[1]).toBeLessThan(errors[0]! / 2);
    expect(errors[2]).toBeLessThan(errors[1]! / 2);
    expect(errors[2]).toBeLessThan(0.05);
  });
});
