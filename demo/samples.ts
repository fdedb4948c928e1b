// Sample digits: written by the generator's unsteady hand, shown as thumbnails, and written onto the pad when asked for.
import { createRandom } from "../src/base/random.js";
import { digitStrokes } from "../src/data/digits/generate.js";
import { style } from "./dom.js";
import { drawStroke, PEN_WIDTH, type Stroke } from "./ink.js";
import { SIDE } from "./input.js";

/** The strokes of one digit, for the pad. seed: another number gives another hand. */
export function handwritten(digit: number, seed: number): Stroke[] {
  return digitStrokes(digit, createRandom(seed, digit)).map(({ points, radius }) => {
    // The generator's pen may be far thinner or thicker than the page's own.
    const width = Math.min(1.3, Math.max(0.8, (2 * radius) / SIDE / PEN_WIDTH));
    return points.map(([x, y]) => ({ x: x / SIDE, y: y / SIDE, width }));
  });
}

/** A strip of ten buttons, one a digit. */
export class Samples {
  private readonly thumbnails: readonly HTMLCanvasElement[];
  private seed = 0;

  constructor(container: HTMLElement, onPick: (strokes: Stroke[]) => void) {
    this.thumbnails = Array.from({ length: 10 }, (_, digit) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `Write a ${digit}`);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 112;
      button.append(canvas);
      button.addEventListener("click", () => onPick(this.strokes(digit)));
      container.append(button);
      return canvas;
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Writes all ten anew. */
  shuffle(seed: number): void {
    this.seed = seed;
    this.draw();
  }

  /** What the thumbnail of this digit shows. */
  strokes(digit: number): Stroke[] {
    return handwritten(digit, this.seed);
  }

  private draw(): void {
    const color = style("--ink");
    this.thumbnails.forEach((canvas, digit) => {
      const context = canvas.getContext("2d")!;
      context.clearRect(0, 0, canvas.width, canvas.height);
      for (const stroke of this.strokes(digit)) drawStroke(context, stroke, color);
    });
  }
}
