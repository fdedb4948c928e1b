// Every optimizer against its formula, written out in float64, for six steps on random gradients; and what all optimizers share, by numbers one can check by hand.
import { beforeAll, describe, expect, it } from "vitest";
import { ValueError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { compile, init, tensor, variable, type Tensor, type Variable } from "../../engine/index.js";
import { maxNorm } from "../constraints.js";
import { exponentialDecay } from "../schedules/index.js";
import { optimizerFromConfig } from "./fromConfig.js";
import * as train from "./index.js";
import { getOptimizer, type Optimizer } from "./index.js";

beforeAll(() => init());

const { adadelta, adafactor, adagrad, adam, adamax, adamw, ftrl, lamb, lion, maxprop, muon, nadam, radam, rmsprop, sgd } = train;

const STEPS = 6;
const RATE = 0.01;

/** The weight's and the slots' elements of one step: w is changed in place; s holds what the rule keeps, zeros at first. */
type Rule = (w: number[], g: readonly number[], s: Record<string, number[]>, t: number) => void;

/** A rule that treats each element alone. */
function each(rule: (w: number, g: number, s: Record<string, number>, t: number) => number, start: Record<string, number> = {}): Rule {
  return (w, g, s, t) => {
    w.forEach((x, i) => {
      const own = Object.fromEntries(["m", "v", "u", "h"].map((name) => [name, (s[name] ??= new Array<number>(w.length).fill(start[name] ?? 0))[i]!]));
      w[i] = rule(x, g[i]!, own, t);
      for (const name of Object.keys(own)) s[name]![i] = own[name]!;
    });
  };
}

const adamRule = (decay = 0): Rule =>
  each((w, g, s, t) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.999 * s["v"]! + 0.001 * g * g;
    return w * (1 - decay * RATE) - ((RATE * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)) * (s["m"] / (Math.sqrt(s["v"]) + 1e-7));
  });

const length = (x: readonly number[]): number => Math.sqrt(x.reduce((sum, y) => sum + y * y, 0));

/** Matrices of 3 × 2, row by row. */
const [ROWS, COLUMNS] = [3, 2];
function product(a: readonly number[], b: readonly number[], n: number, k: number, m: number): number[] {
  return Array.from({ length: n * m }, (_, at) => Array.from({ length: k }, (_, j) => a[Math.floor(at / m) * k + j]! * b[j * m + (at % m)]!).reduce((x, y) => x + y));
}
/** The transpose of a, n × m. */
function turned(a: readonly number[], n: number, m: number): number[] {
  return Array.from({ length: n * m }, (_, at) => a[(at % m) * n + Math.floor(at / m)]!);
}

const FORMULAS: readonly (readonly [name: string, make: () => Optimizer, rule: Rule])[] = [
  ["sgd", () => sgd(RATE), each((w, g) => w - RATE * g)],
  ["sgd with momentum", () => sgd(RATE, 0.9), each((w, g, s) => w + (s["m"] = 0.9 * s["m"]! - RATE * g))],
  ["sgd, Nesterov", () => sgd(RATE, 0.9, true), each((w, g, s) => w + 0.9 * (s["m"] = 0.9 * s["m"]! - RATE * g) - RATE * g)],
  ["sgd, unscaled velocity, damped", () => sgd({ learningRate: RATE, momentum: 0.9, velocity: "unscaled", dampening: 0.3 }),
    each((w, g, s, t) => w - RATE * (s["m"] = 0.9 * s["m"]! + (t === 1 ? 1 : 0.7) * g))],
  ["sgd, scaled velocity, damped", () => sgd({ learningRate: RATE, momentum: 0.9, dampening: 0.3 }), each((w, g, s, t) => w + (s["m"] = 0.9 * s["m"]! - RATE * (t === 1 ? 1 : 0.7) * g))],
  ["sgd, Nesterov, unscaled velocity", () => sgd({ learningRate: RATE, momentum: 0.9, nesterov: true, velocity: "unscaled" }), each((w, g, s) => w - RATE * (g + 0.9 * (s["m"] = 0.9 * s["m"]! + g)))],
  ["sgd with weight decay", () => sgd({ learningRate: RATE, weightDecay: 0.5 }), each((w, g) => w * (1 - 0.5 * RATE) - RATE * g)],
  ["sgd with an L2 penalty", () => sgd({ learningRate: RATE, weightDecay: 0.5, decoupledWeightDecay: false }), each((w, g) => w - RATE * (g + 0.5 * w))],
  ["adagrad", () => adagrad(RATE), each((w, g, s) => w - (RATE * g) / Math.sqrt((s["v"]! += g * g) + 1e-7), { v: 0.1 })],
  ["adadelta", () => adadelta(1), each((w, g, s) => {
    s["v"] = 0.95 * s["v"]! + 0.05 * g * g;
    const delta = (-Math.sqrt(s["u"]! + 1e-7) / Math.sqrt(s["v"] + 1e-7)) * g;
    s["u"] = 0.95 * s["u"]! + 0.05 * delta * delta;
    return w + delta;
  })],
  ["rmsprop", () => rmsprop(RATE), each((w, g, s) => w - (RATE * g) / Math.sqrt((s["v"] = 0.9 * s["v"]! + 0.1 * g * g) + 1e-7))],
  ["rmsprop, centered, with momentum and decay", () => rmsprop({ learningRate: RATE, momentum: 0.5, centered: true, epsilon: 0.1, weightDecay: 0.5 }), each((w, g, s) => {
    s["v"] = 0.9 * s["v"]! + 0.1 * g * g;
    s["u"] = 0.9 * s["u"]! + 0.1 * g;
    s["m"] = 0.5 * s["m"]! + (RATE * g) / Math.sqrt(s["v"] - s["u"] ** 2 + 0.1);
    return w * (1 - 0.5 * RATE) - s["m"];
  })],
  ["sgd, Nesterov, with decay", () => sgd({ learningRate: RATE, momentum: 0.9, nesterov: true, weightDecay: 0.5 }),
    each((w, g, s) => w * (1 - 0.5 * RATE) + 0.9 * (s["m"] = 0.9 * s["m"]! - RATE * g) - RATE * g)],
  ["adam", () => adam(RATE), adamRule()],
  ["adamw", () => adamw(RATE), adamRule(0.004)],
  ["adam, no bias correction", () => adam({ learningRate: RATE, biasCorrection: false }), each((w, g, s) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.999 * s["v"]! + 0.001 * g * g;
    return w - (RATE * s["m"]) / (Math.sqrt(s["v"]) + 1e-7);
  })],
  ["adam, epsilon inside", () => adam({ learningRate: RATE, epsilonInside: true, epsilon: 0.01 }), each((w, g, s, t) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.999 * s["v"]! + 0.001 * g * g;
    return w - (RATE * (s["m"] / (1 - 0.9 ** t))) / Math.sqrt(s["v"] / (1 - 0.999 ** t) + 0.01);
  })],
  ["amsgrad", () => adam({ learningRate: RATE, amsgrad: true, beta2: 0.5 }), each((w, g, s, t) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.5 * s["v"]! + 0.5 * g * g;
    s["h"] = Math.max(s["h"]!, s["v"]);
    return w - ((RATE * Math.sqrt(1 - 0.5 ** t)) / (1 - 0.9 ** t)) * (s["m"] / (Math.sqrt(s["h"]) + 1e-7));
  })],
  ["adamax", () => adamax(RATE), each((w, g, s, t) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["u"] = Math.max(0.999 * s["u"]!, Math.abs(g));
    return w - ((RATE / (1 - 0.9 ** t)) * s["m"]) / (s["u"] + 1e-7);
  })],
  ["maxprop", () => maxprop(RATE), each((w, g, s) => w - (RATE * g) / ((s["u"] = Math.max(0.9 * s["u"]!, Math.abs(g))) + 1e-7))],
  ["nadam", () => nadam(RATE), each((w, g, s, t) => {
    const mu = (step: number): number => 0.9 * (1 - 0.5 * 0.96 ** step);
    const to = (step: number): number => Array.from({ length: step }, (_, i) => mu(i + 1)).reduce((a, b) => a * b);
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.999 * s["v"]! + 0.001 * g * g;
    const top = (mu(t + 1) * s["m"]) / (1 - to(t + 1)) + ((1 - mu(t)) * g) / (1 - to(t));
    return w - (RATE * top) / (Math.sqrt(s["v"] / (1 - 0.999 ** t)) + 1e-7);
  })],
  // beta2 0.8: the first four steps go without the division, the others with it.
  ["radam", () => radam({ learningRate: RATE, beta2: 0.8 }), each((w, g, s, t) => {
    s["m"] = 0.9 * s["m"]! + 0.1 * g;
    s["v"] = 0.8 * s["v"]! + 0.2 * g * g;
    const most = 2 / 0.2 - 1;
    const now = most - (2 * t * 0.8 ** t) / (1 - 0.8 ** t);
    const r = now > 5 ? Math.sqrt(((now - 4) * (now - 2) * most) / ((most - 4) * (most - 2) * now)) * (Math.sqrt(1 - 0.8 ** t) / (Math.sqrt(s["v"]) + 1e-7)) : 1;
    return w - RATE * (s["m"] / (1 - 0.9 ** t)) * r;
  })],
  ["lion", () => lion(RATE), each((w, g, s) => {
    const direction = Math.sign(0.9 * s["m"]! + 0.1 * g);
    s["m"] = 0.99 * s["m"]! + 0.01 * g;
    return w - RATE * direction;
  })],
  ["lamb", () => lamb(RATE), (w, g, s, t) => {
    const m = (s["m"] ??= w.map(() => 0));
    const v = (s["v"] ??= w.map(() => 0));
    const direction = w.map((_, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
      return m[i]! / (1 - 0.9 ** t) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-7);
    });
    const ratio = length(w) / length(direction);
    w.forEach((x, i) => (w[i] = x - ratio * RATE * direction[i]!));
  }],
  ["ftrl", () => ftrl({ learningRate: RATE, l1RegularizationStrength: 0.1, l2RegularizationStrength: 0.2, l2ShrinkageRegularizationStrength: 0.3, beta: 0.4 }), each((w, g, s) => {
    const after = s["v"]! + g * g;
    s["u"] = s["u"]! + g + 2 * 0.3 * w - ((Math.sqrt(after) - Math.sqrt(s["v"]!)) / RATE) * w;
    s["v"] = after;
    return (Math.min(0.1, Math.max(-0.1, s["u"])) - s["u"]) / (Math.sqrt(after) / RATE + 2 * (0.2 + 0.4 / (2 * RATE)));
  }, { v: 0.1 })],
  ["adafactor", () => adafactor(RATE), (w, g, s, t) => {
    const [r, c] = [(s["r"] ??= [0, 0, 0]), (s["c"] ??= [0, 0])];
    const stays = 1 - t ** -0.8;
    const squares = g.map((x) => x * x + 1e-30);
    r.forEach((x, i) => (r[i] = stays * x + (1 - stays) * ((squares[2 * i]! + squares[2 * i + 1]!) / 2)));
    c.forEach((x, j) => (c[j] = stays * x + (1 - stays) * ((squares[j]! + squares[j + 2]! + squares[j + 4]!) / 3)));
    const mean = (r[0]! + r[1]! + r[2]!) / 3;
    const u = g.map((x, i) => x / Math.sqrt((r[Math.floor(i / 2)]! / mean) * c[i % 2]!));
    const rms = (x: readonly number[]): number => length(x) / Math.sqrt(x.length);
    const size = Math.max(1e-3, rms(w)) * Math.min(RATE, 1 / Math.sqrt(t));
    w.forEach((x, i) => (w[i] = x - (size * u[i]!) / Math.max(1, rms(u))));
  }],
  ["muon", () => muon(RATE), (w, g, s) => {
    const m = (s["m"] ??= w.map(() => 0));
    const ahead = g.map((x, i) => x + 0.95 * (m[i] = 0.95 * m[i]! + x));
    let x = turned(ahead.map((y) => y / (length(ahead) + 1e-7)), COLUMNS, ROWS);
    for (let round = 0; round < 5; round++) {
      const a = product(x, turned(x, ROWS, COLUMNS), COLUMNS, ROWS, COLUMNS);
      const aa = product(a, a, COLUMNS, COLUMNS, COLUMNS);
      const moved = product(a.map((y, i) => -4.775 * y + 2.0315 * aa[i]!), x, COLUMNS, COLUMNS, ROWS);
      x = x.map((y, i) => 3.4445 * y + moved[i]!);
    }
    const direction = turned(x, ROWS, COLUMNS);
    w.forEach((y, i) => (w[i] = y * (1 - 0.004 * RATE) - RATE * 0.2 * Math.sqrt(ROWS) * direction[i]!));
  }],
]; // prettier-ignore

/** Random gradients, the same for all. */
const GRADIENTS = ((): number[][] => {
  const random = createRandom(7, 1);
  return Array.from({ length: STEPS }, () => Array.from({ length: ROWS * COLUMNS }, () => Math.fround(random.uniform() * 4 - 2)));
})();
const START = [1, -2, 0.5, 3, -0.25, 0.75];

/** A weight and a program that applies a gradient to it. */
function trained(optimizer: Optimizer): { w: Variable; step: (g: readonly number[]) => void } {
  const w = variable(tensor(START, [ROWS, COLUMNS], "float32"), { name: "w" });
  const run = compile((g: Tensor) => {
    optimizer.apply([[w, g]]);
    return [];
  });
  return { w, step: (g) => void run(tensor([...g], [ROWS, COLUMNS], "float32")) };
}

describe("optimizers follow their formulas", () => {
  it.each(FORMULAS)("%s", (_, make, rule) => {
    const { w, step } = trained(make());
    const wanted = [...START];
    const state = {};
    GRADIENTS.forEach((g, t) => {
      step(g);
      rule(wanted, g, state, t + 1);
      // Each step rounds numbers up to 3 a few times, 2⁻²² each; Muon's five rounds magnify small singular values about 3.4 times each.
      w.dataSync().forEach((x, i) => expect(Math.abs(x - wanted[i]!), `step ${t + 1}, element ${i}: ${x}, not ${wanted[i]}`).toBeLessThan(1e-5));
    });
  });

  it("the table has a row for every name", () => {
    const names = new Set(FORMULAS.map(([, make]) => make().type));
    for (const name of ["sgd", "rmsprop", "adam", "adamw", "adagrad", "adadelta", "adamax", "maxprop", "nadam", "radam", "lion", "lamb", "ftrl", "adafactor", "muon"]) expect(names, name).toContain(name);
  });
});

describe("state and options", () => {
  it.each(FORMULAS)("%s: made again from its config and slots it goes on to the same bits", (_, make) => {
    const first = make();
    const { w, step } = trained(first);
    GRADIENTS.slice(0, 3).forEach(step);
    const again = optimizerFromConfig(first.type, JSON.parse(JSON.stringify(first.config())));
    expect(again.config()).toEqual(first.config());
    again.iterations = first.iterations;
    const copy = trained(again);
    copy.w.store(w.snapshot());
    again.build([copy.w]);
    expect(again.slots.map(({ name }) => name)).toEqual(first.slots.map(({ name }) => name));
    again.slots.forEach((slot, i) => slot.store(first.slots[i]!.snapshot()));
    for (const g of GRADIENTS.slice(3)) {
      step(g);
      copy.step(g);
    }
    expect(copy.w.snapshot()).toEqual(w.snapshot());
    expect(again.slots.map((slot) => slot.snapshot())).toEqual(first.slots.map((slot) => slot.snapshot()));
  });

  it.each(FORMULAS)("%s: an infinite gradient changes nothing", (_, make) => {
    const optimizer = make();
    const w = variable(tensor(START, [ROWS, COLUMNS], "float32"), { name: "w" });
    const apply = (g: readonly number[]): void => optimizer.apply([[w, tensor([...g], [ROWS, COLUMNS], "float32")]]);
    apply(GRADIENTS[0]!);
    const before = [w, ...optimizer.slots].map((x) => x.snapshot());
    expect(() => apply([1, 2, 3, Infinity, 5, 6])).toThrow("the gradient of w is not finite at element 3");
    expect([w, ...optimizer.slots].map((x) => x.snapshot())).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });

  it.each(FORMULAS)("%s: weights without a gradient, by row and column, stay finite", (_, make) => {
    const { w, step } = trained(make());
    for (let t = 0; t < 3; t++) step([0, 0, 0, 1, 0, 1]);
    for (const x of w.dataSync()) expect(x).toSatisfy(Number.isFinite);
    const still = trained(make());
    for (let t = 0; t < 3; t++) still.step([0, 0, 0, 0, 0, 0]);
    for (const x of still.w.dataSync()) expect(x).toSatisfy(Number.isFinite);
  });

  it.each(FORMULAS)("%s: gradients of two batches, accumulated, are one step by their average", (_, make) => {
    const whole = trained(make());
    const parts = trained(getOptimizer(make().type, { ...make().config(), gradientAccumulationSteps: 2 }));
    for (let t = 0; t + 1 < STEPS; t += 2) {
      const [a, b] = [GRADIENTS[t]!, GRADIENTS[t + 1]!];
      whole.step(a.map((x, i) => (Math.fround(x + b[i]!) / 2)));
      const before = parts.w.snapshot();
      parts.step(a);
      expect(parts.w.snapshot()).toEqual(before);
      parts.step(b);
      expect(parts.w.snapshot(), `step ${t / 2 + 1}`).toEqual(whole.w.snapshot());
    }
  });
});

describe("what all optimizers share", () => {
  const moved = (options: train.OptimizerOptions, gradients: readonly (readonly number[])[]): number[][] => {
    const optimizer = sgd({ learningRate: 1, ...options });
    const weights = gradients.map((g, i) => variable(tensor(g.map(() => 0), undefined, "float32"), { name: `w${i}` }));
    optimizer.apply(weights.map((w, i) => [w, tensor([...gradients[i]!], undefined, "float32")] as const));
    return weights.map((w) => [...w.dataSync()].map((x) => 0 - x));
  };

  it("clipvalue, clipnorm, globalClipnorm: by element, by gradient, by all", () => {
    expect(moved({ clipvalue: 2 }, [[3, -4], [1, -8]])).toEqual([[2, -2], [1, -2]]);
    // ‖(3, 4)‖ = 5, ‖(6, 8)‖ = 10.
    expect(moved({ clipnorm: 5 }, [[3, -4], [6, 8]])).toEqual([[3, -4], [3, 4]]);
    // ‖(3, 0, 0, 4)‖ = 5, brought to 1.
    moved({ globalClipnorm: 1 }, [[3, 0], [0, 4]]).flat().forEach((x, i) => expect(x).toBeCloseTo([0.6, 0, 0, 0.8][i]!, 6));
    expect(moved({ globalClipnorm: 6 }, [[3, 0], [0, 4]])).toEqual([[3, 0], [0, 4]]);
  });

  it("weight decay leaves out the weights whose names hold a text", () => {
    const optimizer = sgd({ learningRate: 0.5, weightDecay: 0.5, excludeFromWeightDecay: ["bias"] });
    const [kernel, bias] = ["dense/kernel", "dense/bias"].map((name) => variable(tensor([4], undefined, "float32"), { name }));
    optimizer.apply([[kernel!, tensor([0], undefined, "float32")], [bias!, tensor([0], undefined, "float32")]]);
    expect([kernel!.dataSync()[0], bias!.dataSync()[0]]).toEqual([3, 4]);
  });

  it("useEma keeps an average, writes it over the weights every so often, and at the end", () => {
    const w = variable(tensor([0], undefined, "float32"), { name: "w" });
    const optimizer = sgd({ learningRate: 1, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 3 });
    const values = [1, 2, 3, 4].map((g) => {
      optimizer.apply([[w, tensor([-g], undefined, "float32")]]);
      return w.dataSync()[0];
    });
    // w 1, 3, 6; averages 1, (1 + 3) / 2 = 2, (2 + 6) / 2 = 4, which w becomes; then 8 and 6.
    expect(values).toEqual([1, 3, 4, 8]);
    expect(optimizer.slots.map((slot) => [slot.name, slot.dataSync()[0]])).toEqual([["optimizer/w/average", 6]]);
    optimizer.finalizeVariableValues([w]);
    expect(w.dataSync()[0]).toBe(6);
  });

  it("a constraint holds after the step", () => {
    const w = variable(tensor([[3], [4]], undefined, "float32"), { name: "w" });
    sgd(1).apply([[w, tensor([[-3], [-4]], undefined, "float32")]], { constraintOf: () => maxNorm(5) });
    [...w.dataSync()].forEach((x, i) => expect(x).toBeCloseTo([3, 4][i]!, 5));
  });

  it("a schedule gives each step its rate, in one program, and is saved with the options", () => {
    const optimizer = sgd({ learningRate: exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 }) });
    const w = variable(tensor([0], undefined, "float32"), { name: "w" });
    let traces = 0;
    const step = compile((g: Tensor) => {
      traces++;
      optimizer.apply([[w, g]]);
      return [];
    });
    const rates = [1, 2, 3].map(() => (step(tensor([-1], undefined, "float32")), optimizer.learningRate));
    expect(w.dataSync()[0]).toBe(1.75);
    expect(rates).toEqual([0.5, 0.25, 0.125]);
    expect(traces).toBe(1);
    expect(() => (optimizer.learningRate = 0.1)).toThrow(/sgd: learningRate: a schedule sets it/);
    const again = optimizerFromConfig("sgd", JSON.parse(JSON.stringify(optimizer.config())));
    again.iterations = 3;
    expect(again.learningRate).toBe(0.125);
    expect(() => sgd({ learningRate: (t) => 1 / (t + 1) }).config()).toThrow(/the learning rate is a function/);
  });

  it("two programs of one optimizer count the same steps", () => {
    const optimizer = adam({ learningRate: (t) => 2 ** -t, amsgrad: true });
    const w = variable(tensor([0], undefined, "float32"), { name: "w" });
    const programs = [1, 2].map((share) => compile((g: Tensor) => {
      optimizer.apply([[w, g.mul(share)]]);
      return [];
    }));
    for (const i of [0, 1, 1, 0, 1]) programs[i]!(tensor([1], undefined, "float32"));
    expect(optimizer.iterations).toBe(5);
  });

  it("effective learning rates: known after a step, by the methods that have them", () => {
    const { w, step } = trained(sgd(1));
    const optimizer = adagrad({ learningRate: 1, initialAccumulatorValue: 0, epsilon: 0 });
    expect(() => optimizer.effectiveLearningRates(w)).toThrow(/w has made no step/);
    step(START);
    const own = trained(optimizer);
    own.step([1, 2, 4, 1, 2, 4]);
    expect([...optimizer.effectiveLearningRates(own.w).dataSync()]).toEqual([1, 0.5, 0.25, 1, 0.5, 0.25]);
  });

  it("refuses what does not fit", () => {
    const rows: [make: () => unknown, message: RegExp][] = [
      [() => sgd({ clipnorm: 1, clipvalue: 1 }), /sgd: expected one of clipnorm, clipvalue and globalClipnorm, got clipnorm and clipvalue/],
      [() => adam({ clipNorm: 1 } as object), /no option is called "clipNorm".*Did you mean "clipnorm"/],
      [() => adam({ learningRate: -1 }), /adam: learningRate: expected a number in \[0/],
      [() => sgd({ momentum: 0.9, nesterov: true, dampening: 0.1 }), /expected nesterov or dampening, got both/],
      [() => getOptimizer("adagard"), /Did you mean "adagrad"/],
      [() => optimizerFromConfig("sgd", { learningRate: { name: "cosine_decai", config: {} } }), /Did you mean "cosineDecay"/],
      [() => sgd({ gradientAccumulationSteps: 1.5 }), /gradientAccumulationSteps: expected a whole number/],
    ];
    for (const [make, message] of rows) {
      expect(make).toThrow(ValueError);
      expect(make).toThrow(message);
    }
  });
});
