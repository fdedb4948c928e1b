// Losses of PyTorch: means, sums or single values over elements, where ours are means over the last axis.
import type { Tensor } from "../../src/engine/tensor.js";
import { attr, basics, channelsLast, get, MissingFunction, wordOf, type Context, type Fn, type Outputs } from "./context.js";

type Rule = (context: Context, x: Tensor, t: Tensor) => Tensor;

/** A loss of single elements: each is an example of its own. */
const each =
  (name: string, options: (context: Context) => object = () => ({})): Rule =>
  (context, x, t) => {
    const { reshape } = basics(context);
    const apart = (tensor: Tensor): Tensor => reshape(tensor, [...tensor.shape, 1]);
    return loss(context, name)(apart(t), apart(x), options(context));
  };

/** Classes stand after the batch in PyTorch; labels are class numbers or a distribution. */
const crossEntropy: Rule = (context, x, t) => {
  const options = { fromLogits: true, labelSmoothing: Number(attr(context.attrs, "label_smoothing") ?? 0) };
  const scores = x.shape.length > 2 ? channelsLast(context, x) : x;
  if (t.shape.join() === x.shape.join()) return loss(context, "categoricalCrossentropy")(x.shape.length > 2 ? channelsLast(context, t) : t, scores, options);
  const ignoreClass = attr(context.attrs, "ignore_index");
  return loss(context, "sparseCategoricalCrossentropy")(t, scores, { ...options, ...(ignoreClass !== undefined && { ignoreClass: Number(ignoreClass) }) });
};

const withWeight: Rule = (context, x, t) => {
  const posWeight = attr(context.inputs, "pw", "pos_weight", "w") ?? attr(context.attrs, "pos_weight");
  if (posWeight === undefined) return each("binaryCrossentropy", () => ({ fromLogits: true }))(context, x, t);
  return loss(context, "binaryCrossentropy")(t, x, { fromLogits: true, posWeight });
};

const LOSSES: readonly (readonly [call: RegExp, rule: Rule])[] = [
  [/with_?logits/, withWeight],
  [/binary_cross_entropy/, each("binaryCrossentropy")],
  [/cross_entropy/, crossEntropy],
  [/mse_loss/, each("meanSquaredError")],
  [/smooth_l1/, (c, x, t) => basics(c).div(each("huber", () => ({ delta: betaOf(c) }))(c, x, t), betaOf(c))],
  [/l1_loss/, each("meanAbsoluteError")],
  [/huber/, each("huber", ({ attrs }) => ({ delta: Number(attr(attrs, "delta") ?? 1) }))],
  [/poisson_nll/, each("poisson", ({ call, attrs }) => ({ logInput: !/log_input\s*=\s*False/.test(call) && attrs["log_input"] !== false }))],
  [/^mean\(-cosine_similarity/, (c, x, t) => loss(c, "cosineSimilarity")(t, x)],
  [/^mean\(clamp\(1-t\*x,0\)\)/, each("hinge")],
  [/^mean\(clamp\(1-t\*x,0\)\^2\)/, each("squaredHinge")],
];

/** A case of the group "loss": prediction first, target second. */
export function lossCase(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const [x, t] = Object.values(inputs) as [Tensor, Tensor];
  const rule = LOSSES.find(([pattern]) => pattern.test(call))?.[1];
  if (rule === undefined) throw new MissingFunction(`no loss for "${wordOf(call)}"`);
  const reduction = attr(attrs, "reduction") ?? /\b(none|sum)\b/.exec(call)?.[1] ?? "mean";
  const values = rule(context, x, t);
  return { y: reduction === "none" ? values : get(context, reduction === "sum" ? "sum" : "mean")(values) };
}

function betaOf({ attrs }: Context): number {
  return Number(attr(attrs, "beta") ?? 1);
}

function loss({ library }: Context, name: string): Fn {
  const found = (library["losses"] as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof found !== "function") throw new MissingFunction(`losses.${name} is not built`);
  return found as Fn;
}
