// Muon: momentum whose matrices are made orthogonal before the step, so that it moves all directions alike. Other weights take Adam's step.
import { add, div, matmul, mul, sqrt, square, sub, sum, transpose, type Tensor, type Variable } from "../../engine/index.js";
import { pow } from "../../base/math.js";
import type { Config } from "../layer.js";
import { checkNumber, checkWhole } from "../../base/options.js";
import { movingAverage } from "./moments.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of muon(). */
export interface MuonOptions extends OptimizerOptions {
  /** Default 0.95. */
  readonly momentum?: number;
  /** Default true. */
  readonly nesterov?: boolean;
  /** Rounds of the iteration that makes a matrix orthogonal; default 5. */
  readonly nsSteps?: number;
  /** The iteration's coefficients; default 3.4445, −4.775, 2.0315. */
  readonly muonA?: number;
  readonly muonB?: number;
  readonly muonC?: number;
  /** The step's root mean square in units of the rate, about Adam's; default 0.2. null: √max(1, rows / columns) times the orthogonal matrix. */
  readonly rmsRate?: number | null;
  /** Weights that take Adam's step besides those without rows and columns: their name holds one of these texts. */
  readonly excludeLayers?: readonly string[];
  /** Whether weights of an "embedding" take Adam's step; default true. */
  readonly excludeEmbeddings?: boolean;
  /** Adam's learning rate over that of Muon; default 1. */
  readonly adamLrRatio?: number;
  /** Default 0.9. */
  readonly adamBeta1?: number;
  /** Default 0.999. */
  readonly adamBeta2?: number;
  /** Default 0.004, as weightDecay, which is that of the others. */
  readonly adamWeightDecay?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}

const DEFAULTS = {
  momentum: 0.95, nesterov: true, nsSteps: 5, muonA: 3.4445, muonB: -4.775, muonC: 2.0315, rmsRate: 0.2 as number | null, excludeLayers: [] as readonly string[], excludeEmbeddings: true,
  adamLrRatio: 1, adamBeta1: 0.9, adamBeta2: 0.999, adamWeightDecay: 0.004, epsilon: 1e-7,
}; // prettier-ignore

/** Largest value of each option that has one. */
const BELOW_ONE = ["momentum", "adamBeta1", "adamBeta2"] as const;
const POSITIVE = ["adamLrRatio", "adamWeightDecay", "epsilon"] as const;

/** The optimizer that muon() makes. */
export class Muon extends Optimizer {
  readonly type = "muon";
  private readonly options: typeof DEFAULTS;

  constructor(options: MuonOptions = {}) {
    super("muon", { weightDecay: 0.004, ...options }, Object.keys(DEFAULTS));
    const own = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[];
    this.options = { ...DEFAULTS, ...Object.fromEntries(own.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))) };
    for (const name of BELOW_ONE) checkNumber(this.options[name], `muon: ${name}`, 0, 1, true);
    for (const name of POSITIVE) checkNumber(this.options[name], `muon: ${name}`, 0);
    for (const name of ["muonA", "muonB", "muonC"] as const) checkNumber(this.options[name], `muon: ${name}`);
    if (this.options.rmsRate !== null) checkNumber(this.options.rmsRate, "muon: rmsRate", 0);
    checkWhole(this.options.nsSteps, "muon: nsSteps");
  }

  protected slotsOf(target: Variable): readonly string[] {
    return this.isMatrix(target) ? ["momentum"] : ["momentum", "velocity"];
  }

  protected ownConfig(): Config {
    return { ...this.options };
  }

  protected override decayOf(target: Variable): number {
    return this.isMatrix(target) ? super.decayOf(target) : this.options.adamWeightDecay;
  }

  protected step(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    if (!this.isMatrix(target)) {
      this.adam(target, gradient, slots, feed);
      return;
    }
    const { momentum, nesterov, rmsRate } = this.options;
    const velocity = slots[0]!;
    velocity.assign(add(mul(velocity, momentum), gradient));
    const [rows, columns] = target.shape.slice(-2) as [number, number];
    const scale = rmsRate === null ? Math.sqrt(Math.max(1, rows / columns)) : rmsRate * Math.sqrt(Math.max(rows, columns));
    const direction = this.orthogonal(nesterov ? add(gradient, mul(velocity, momentum)) : velocity, rows > columns);
    target.assign(sub(target, mul(direction, feed(`size ${scale}`, (step) => scale * this.rateAt(step)))));
  }

  private adam(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    const { adamBeta1: beta1, adamBeta2: beta2, adamLrRatio, epsilon } = this.options;
    const size = feed("adam", (step) => (adamLrRatio * this.rateAt(step) * Math.sqrt(1 - pow(beta2, step))) / (1 - pow(beta1, step)));
    const m = movingAverage(slots[0]!, gradient, beta1);
    const v = movingAverage(slots[1]!, square(gradient), beta2);
    target.assign(sub(target, div(mul(size, m), add(sqrt(v), epsilon))));
  }

  /** The nearest matrix with singular values about 1, by the quintic iteration of Newton and Schulz. */
  private orthogonal(matrix: Tensor, tall: boolean): Tensor {
    const { muonA, muonB, muonC, nsSteps, epsilon } = this.options;
    const turned = (x: Tensor): Tensor => transpose(x, x.shape.map((_, i, { length }) => (i < length - 2 ? i : 2 * length - 3 - i)));
    let x = tall ? turned(matrix) : matrix;
    x = div(x, add(sqrt(sum(square(x), [-2, -1], true)), epsilon));
    for (let i = 0; i < nsSteps; i++) {
      const a = matmul(x, turned(x));
      x = add(mul(x, muonA), matmul(add(mul(a, muonB), mul(matmul(a, a), muonC)), x));
    }
    return tall ? turned(x) : x;
  }

  /** Whether a weight has rows and columns; filters of images and embeddings are tables of something else. */
  private isMatrix({ name, shape }: Variable): boolean {
    const { excludeLayers, excludeEmbeddings } = this.options;
    if (shape.length !== 2) return false;
    return !(excludeEmbeddings && name.toLowerCase().includes("embedding")) && !excludeLayers.some((text) => name.includes(text));
  }
}

/** u ← momentum · u + g; w ← w − learningRate · 0.2 · √max(rows, columns) · orthogonal(g + momentum · u).   Jordan et al. 2024, with the scale of Liu et al. 2025 */
export function muon(options?: number | MuonOptions): Muon {
  return new Muon(optionsOf(options, {}, "muon"));
}
