// einsum: sums of products by the labels of axes (Einstein's convention). Planned as diagonals, sums and matrix products, the cheapest pair first;
// gradients follow from the parts.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { arrange, contract, reduceTo, type Labelled } from "./labelled.js";
import { diagonal } from "./diagonal.js";
import { reshape } from "./reshape.js";

/**
 * The tensor that `equation` says, NumPy's notation: "ij,jk->ik", "bhqd,bhkd", "ii->i", "...ij,...jk". A label that is missing on the right is summed over;
 * without "->", the right side is every label that stands once, in the order of the alphabet, "..." first. Sizes are equal, or 1, which is repeated.
 *
 * returns float32, integers are taken as float32   Throws ShapeError for an equation that does not fit its operands.
 */
export function einsum(xs: readonly Value[], { equation }: { equation: string }): Value {
  const { inputs, output } = parse(equation, xs);
  const sizes = new Map<string, number>();
  inputs.forEach((labels, k) => labels.forEach((label, axis) => note(sizes, label, xs[k]!.shape[axis]!, equation)));
  const missing = output.find((label) => !sizes.has(label));
  if (missing !== undefined) throw new ShapeError(`einsum: "${equation}" has ${missing} on the right, which is on no operand.`);

  let terms = inputs.map((labels, k) => withoutRepeats(cast(xs[k]!, { dtype: "float32" }), labels, sizes));
  while (terms.length > 1) {
    const [i, j] = cheapest(terms, output, sizes);
    const others = terms.filter((_, k) => k !== i && k !== j);
    const keep = new Set([...output, ...others.flatMap(({ labels }) => labels)]);
    const [a, b] = [terms[i]!, terms[j]!];
    const product = contract(reduceTo(a, new Set([...keep, ...b.labels])), reduceTo(b, new Set([...keep, ...a.labels])), keep);
    terms = [...others, product];
  }
  return arrange(reduceTo(terms[0]!, new Set(output)), output);
}

function note(sizes: Map<string, number>, label: string, size: number, equation: string): void {
  const known = sizes.get(label) ?? 1;
  if (known !== 1 && size !== 1 && known !== size) throw new ShapeError(`einsum: in "${equation}" the label ${label} has sizes ${known} and ${size}, which must be equal or 1.`);
  sizes.set(label, known === 1 ? size : known);
}

/** The labels of every operand and of the result; the axes of an ellipsis are "…1", "…2" from the last. */
function parse(equation: string, xs: readonly Value[]): { inputs: string[][]; output: string[] } {
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->");
  const texts = left!.split(",");
  if (more.length > 0 || texts.length !== xs.length) throw new ShapeError(`einsum: "${equation}" names ${texts.length} operands, got ${xs.length}.`);
  const inputs = texts.map((text, k) => {
    const rank = xs[k]!.shape.length;
    const named = letters(text.replace("...", ""), equation).length;
    const dots = text.includes("...") ? rank - named : 0;
    if (named + dots !== rank || dots < 0) throw new ShapeError(`einsum: "${text}" in "${equation}" names ${named} axes, operand ${k} is ${showShape(xs[k]!.shape)}.`);
    return labelsOf(text, dots, equation);
  });
  const most = Math.max(0, ...inputs.map((labels) => labels.filter((label) => label.startsWith("…")).length));
  if (right !== undefined) {
    const output = labelsOf(right, most, equation);
    const repeated = output.find((label, i) => output.indexOf(label) !== i);
    if (repeated !== undefined) throw new ShapeError(`einsum: "${equation}" has ${repeated} twice on the right.`);
    return { inputs, output };
  }
  const all = inputs.flat();
  const once = [...new Set(all)].filter((label) => !label.startsWith("…") && all.indexOf(label) === all.lastIndexOf(label)).sort();
  return { inputs, output: [...dotted(most), ...once] };
}

function labelsOf(text: string, dots: number, equation: string): string[] {
  const [before, after] = text.split("...") as [string, string?];
  return after === undefined ? letters(before, equation) : [...letters(before, equation), ...dotted(dots), ...letters(after, equation)];
}

function dotted(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `…${count - i}`);
}

function letters(text: string, equation: string): string[] {
  if (!/^[A-Za-z]*$/.test(text)) throw new ShapeError(`einsum: "${equation}" is no equation; expected letters, "...", commas and one "->".`);
  return [...text];
}

/** An operand with every label once: repeated ones are diagonals; axes of size 1 that others are longer in are dropped. */
function withoutRepeats(x: Value, labels: readonly string[], sizes: ReadonlyMap<string, number>): Labelled {
  const kept = labels.map((label, axis) => x.shape[axis] !== 1 || sizes.get(label) === 1);
  let value = reshape(x, { shape: x.shape.filter((_, axis) => kept[axis]) });
  let list = labels.filter((_, axis) => kept[axis]);
  for (let again = repeat(list); again !== null; again = repeat(list)) {
    const [axis1, axis2] = again;
    value = diagonal(value, { axis1, axis2 });
    list = [...list.filter((_, axis) => axis !== axis1 && axis !== axis2), list[axis1]!];
  }
  return { value, labels: list };
}

function repeat(labels: readonly string[]): [number, number] | null {
  const second = labels.findIndex((label, i) => labels.indexOf(label) !== i);
  return second < 0 ? null : [labels.indexOf(labels[second]!), second];
}

/** The pair whose product leaves the least in memory beyond what it takes away; of equal ones the one with fewer multiplications, then the first. */
function cheapest(terms: readonly Labelled[], output: readonly string[], sizes: ReadonlyMap<string, number>): [number, number] {
  const volume = (labels: Iterable<string>): number => [...labels].reduce((size, label) => size * sizes.get(label)!, 1);
  let best: { pair: [number, number]; growth: number; work: number } | null = null;
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const both = new Set([...terms[i]!.labels, ...terms[j]!.labels]);
      const keep = new Set([...output, ...terms.flatMap(({ labels }, k) => (k === i || k === j ? [] : labels))]);
      const growth = volume([...both].filter((label) => keep.has(label))) - volume(terms[i]!.labels) - volume(terms[j]!.labels);
      const work = volume(both);
      if (best === null || growth < best.growth || (growth === best.growth && work < best.work)) best = { pair: [i, j], growth, work };
    }
  }
  return best!.pair;
}
