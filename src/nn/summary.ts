// The summary of a model: a table of its layers, as Keras prints it.
import { sizeOf, type Shape } from "../base/shape.js";
import type { Layer } from "./layer.js";

const WIDTHS = [30, 26, 14] as const;
const LINE = WIDTHS.reduce((sum, width) => sum + width, 0);

/** Lines of the table. shapes: output shape of each layer. */
export function summaryLines(modelName: string, layers: readonly Layer[], shapes: readonly Shape[]): string[] {
  const trainable = countElements(layers.flatMap(({ trainableWeights }) => trainableWeights));
  const total = countElements(layers.flatMap(({ weights }) => weights));
  return [
    `Model: "${modelName}"`,
    "_".repeat(LINE),
    row("Layer (type)", "Output Shape", "Param #"),
    "=".repeat(LINE),
    ...layers.map((layer, i) => row(`${layer.name} (${layer.type})`, `(${["None", ...shapes[i]!].join(", ")})`, showCount(layer.countParams()))),
    "=".repeat(LINE),
    `Total params: ${showCount(total)} (${showBytes(4 * total)})`,
    `Trainable params: ${showCount(trainable)} (${showBytes(4 * trainable)})`,
    `Non-trainable params: ${showCount(total - trainable)} (${showBytes(4 * (total - trainable))})`,
    "_".repeat(LINE),
  ];
}

function row(...cells: readonly [string, string, string]): string {
  // A cell that is too long is cut so that one blank stays before the next.
  return cells.map((cell, i) => cell.slice(0, WIDTHS[i]! - 1).padEnd(WIDTHS[i]!)).join("").trimEnd();
}

function countElements(weights: readonly { readonly shape: Shape }[]): number {
  return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** 407050 as "407,050". */
export function showCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(2)} KB` : `${(bytes / 1024 ** 2).toFixed(2)} MB`;
}
