// The optimizers against PyTorch's own trajectories: 20 steps each, on a quadratic form and on logistic regression.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, gradients, init, matmul, mean, tensor, variable, type Tensor } from "../../src/engine/index.js";
import { losses, schedules, train, type Optimizer } from "../../src/nn/index.js";
import { sharedFolder } from "../shared.js";

const { adadelta, adagrad, adam, adamax, adamw, nadam, radam, rmsprop, sgd } = train;

beforeAll(() => init());

interface Stored {
  readonly shape: number[];
  readonly b64: string;
}
interface Case {
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly params: readonly string[];
  readonly trajectory: Readonly<Record<string, Stored>>;
  readonly tol: { readonly rtol: number; readonly atol: number };
}

/** As PyTorch has it, outside of the root. */
const EPSILON = { epsilon: 1e-8, epsilonInside: false };

/** As PyTorch has it, in the gradient. */
const L2 = { weightDecay: 0.1, decoupledWeightDecay: false };

const ROWS: [name: string, make: () => Optimizer][] = [
  ["sgd_quadratic", () => sgd(0.05)],
  ["momentum_quadratic", () => sgd({ learningRate: 0.02, momentum: 0.9 })],
  ["nesterov_quadratic", () => sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true })],
  ["rmsprop_quadratic", () => rmsprop({ learningRate: 0.02, ...EPSILON })],
  ["rmsprop_logistic", () => rmsprop({ learningRate: 0.02, ...EPSILON })],
  ["rmsprop_centered_mom_logistic", () => rmsprop({ learningRate: 0.02, momentum: 0.8, centered: true, ...EPSILON })],
  ["sgd_wd_quadratic", () => sgd({ learningRate: 0.05, ...L2 })],
  ["adagrad_quadratic", () => adagrad({ learningRate: 0.3, initialAccumulatorValue: 0, epsilon: 1e-10, epsilonInside: false })],
  ["adadelta_logistic", () => adadelta({ learningRate: 1, rho: 0.9, epsilon: 1e-6 })],
  ["adam_quadratic", () => adam({ learningRate: 0.05, epsilon: 1e-8 })],
  ["adam_logistic", () => adam({ learningRate: 0.05, epsilon: 1e-8 })],
  ["adam_l2_logistic", () => adam({ learningRate: 0.05, epsilon: 1e-8, ...L2 })],
  ["adamw_logistic", () => adamw({ learningRate: 0.05, epsilon: 1e-8, weightDecay: 0.1 })],
  ["amsgrad_logistic", () => adam({ learningRate: 0.05, beta1: 0.5, beta2: 0.6, epsilon: 1e-8, amsgrad: true })],
  ["adamax_logistic", () => adamax({ learningRate: 0.05, epsilon: 1e-8, epsilonInside: true })],
  ["nadam_quadratic", () => nadam({ learningRate: 0.05, epsilon: 1e-8, momentumDecay: 0.004 })],
  ["radam_logistic", () => radam({ learningRate: 0.05, epsilon: 1e-8 })],
];

describe("optimizers follow PyTorch", () => {
  for (const [name, make] of ROWS) {
    it(name, ({ skip }) => {
      const path = join(sharedFolder() ?? "", "conformance", "golden", `optim_${name}.json`);
      if (!existsSync(path)) skip("the golden cases are not at hand: set EDGEGRAD_SHARED");
      follow(JSON.parse(readFileSync(path, "utf8")) as Case, make(), name.endsWith("quadratic"));
    });
  }
});

const SCHEDULES: [name: string, schedule: schedules.Schedule][] = [
  ["cosine", schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 30, alpha: 0.01 })],
  ["exponential", schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.9 })],
  ["linear_warmup", schedules.warmup({ schedule: 0.1, steps: 10, start: 0.1 })],
  // PyTorch names the first step of each rate, Keras the last.
  ["multistep", schedules.piecewiseConstantDecay({ boundaries: [3, 10, 19], values: [0.1, 0.03, 0.009, 0.0027] })],
  ["step", schedules.stepDecay({ initialLearningRate: 0.1, decaySteps: 7, decayRate: 0.5 })],
];

describe("schedules follow PyTorch", () => {
  for (const [name, schedule] of SCHEDULES) {
    it(name, ({ skip }) => {
      const path = join(sharedFolder() ?? "", "conformance", "golden", `sched_${name}.json`);
      if (!existsSync(path)) skip("the golden cases are not at hand: set EDGEGRAD_SHARED");
      const { outputs, tol } = JSON.parse(readFileSync(path, "utf8")) as { outputs: { lr: Stored }; tol: Case["tol"] };
      const wanted = floatsOf(outputs.lr);
      expect(wanted.length).toBe(30);
      wanted.forEach((rate, step) => expect(Math.abs(schedule.call(step) - rate), `step ${step}`).toBeLessThanOrEqual(tol.atol + tol.rtol * rate));
    });
  }
});

function floatsOf({ b64 }: Stored): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(b64, "base64")).buffer);
}

/** Runs the optimizer through a case; every step must lie within the case's tolerance. */
function follow(golden: Case, optimizer: Optimizer, quadratic: boolean): void {
  const read = (stored: Stored): Tensor => tensor(floatsOf(stored), stored.shape);
  const inputs = Object.fromEntries(Object.entries(golden.inputs).map(([key, value]) => [key, read(value)]));
  const params = golden.params.map((key) => variable(inputs[key]!, { name: key }));
  const of = (key: string): Tensor => params[golden.params.indexOf(key)] ?? inputs[key]!;
  const loss = quadratic
    ? (): Tensor => {
        const w = of("w").reshape([4, 1]);
        return matmul(w.transpose(), matmul(of("A"), w)).mul(0.5).sub(matmul(of("b").reshape([1, 4]), w)).sum();
      }
    : (): Tensor => mean(losses.binaryCrossentropy(of("t").reshape([24, 1]), matmul(of("X"), of("w").reshape([3, 1])).add(of("c")), { fromLogits: true }));
  const step = compile(() => {
    const found = gradients(loss(), params);
    optimizer.apply(params.map((param, i) => [param, found[i]!] as const));
    return [];
  });
  for (let t = 1; t <= 20; t++) {
    step();
    golden.params.forEach((key, i) => {
      const wanted = read(golden.trajectory[key]!).slice([t, 0], [1, -1]).dataSync();
      params[i]!.dataSync().forEach((x, j) => {
        expect(Math.abs(x - wanted[j]!), `step ${t}, ${key}[${j}]: ${x}, not ${wanted[j]}`).toBeLessThanOrEqual(golden.tol.atol + golden.tol.rtol * Math.abs(wanted[j]!));
      });
    });
  }
}
