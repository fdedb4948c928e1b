// PReLU: a relu whose slope below 0 is learnt, one for each element of an example, or shared along axes.   He et al. 2015
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { prelu as preluOf, type Tensor, type Variable } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { ruleConfig, ruleNames, weightRule, type WeightRule, type WeightRuleOptions } from "./weightRule.js";

/** Initializer of the slopes: "zeros". */
export interface PReLUOptions extends LayerOptions, WeightRuleOptions<"alpha"> {
  /** Axes along which there is one slope, counted from 1: [1, 2] gives images one a channel. */
  readonly sharedAxes?: number | readonly number[] | null;
}

/** What prelu() makes. */
export class PReLU extends Layer {
  override readonly type = "PReLU";
  readonly sharedAxes: readonly number[];
  private readonly rule: WeightRule;
  private alpha!: Variable;

  constructor(options: PReLUOptions = {}) {
    super("p_re_lu", options, [...ruleNames("alpha"), "sharedAxes"]);
    const where = `p_re_lu "${this.name}"`;
    this.rule = weightRule("alpha", options, "zeros", where);
    const { sharedAxes } = options;
    this.sharedAxes = typeof sharedAxes === "number" ? [sharedAxes] : (sharedAxes ?? []).slice();
    if (!this.sharedAxes.every((axis) => Number.isInteger(axis) && axis >= 1)) {
      throw new ValueError(`${where}: sharedAxes: expected axes from 1 on, got ${JSON.stringify(sharedAxes)}.`);
    }
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (this.sharedAxes.some((axis) => axis > input.length)) throw this.mismatch(`the axes that sharedAxes [${this.sharedAxes.join(", ")}] names`, input, from);
    return input;
  }

  protected override createWeights(input: Shape): void {
    const { initializer, ...rules } = this.rule;
    this.alpha = this.addWeight("alpha", input.map((size, axis) => (this.sharedAxes.includes(axis + 1) ? 1 : size)), initializer, rules);
  }

  call(x: Tensor): Tensor {
    return preluOf(x, this.alpha);
  }

  protected override ownConfig(): Config {
    return { ...ruleConfig("alpha", this.rule), ...(this.sharedAxes.length > 0 && { sharedAxes: this.sharedAxes }) };
  }
}

/** x above 0, alpha · x below. alpha: the shape of an example, with size 1 along shared axes. */
export function prelu(options: PReLUOptions = {}): PReLU {
  return new PReLU(options);
}
