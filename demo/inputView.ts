// The 28×28 pixels the network sees, as dots: the darker the pixel, the larger its dot.
import { style } from "./dom.js";
import { SIDE } from "./input.js";

export class InputView {
  private readonly context: CanvasRenderingContext2D;
  private shown: Uint8Array = new Uint8Array(SIDE * SIDE);

  constructor(canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.show(this.shown));
    this.show(this.shown);
  }

  /** image: [28, 28], 0 is paper and 255 is ink. */
  show(image: Uint8Array): void {
    this.shown = image;
    const { context } = this;
    const cell = context.canvas.width / SIDE;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.fillStyle = style("--line");
    dots(context, image, cell, (value) => (value === 0 ? 0.09 : 0));
    context.fillStyle = style("--ink");
    dots(context, image, cell, (value) => (value === 0 ? 0 : 0.14 + 0.36 * Math.sqrt(value / 255)));
  }
}

/** radius: in cells, for a pixel's value; 0 draws nothing. */
function dots(context: CanvasRenderingContext2D, image: Uint8Array, cell: number, radius: (value: number) => number): void {
  context.beginPath();
  for (let i = 0; i < image.length; i++) {
    const r = radius(image[i]!) * cell;
    if (r === 0) continue;
    const x = ((i % SIDE) + 0.5) * cell;
    const y = (Math.floor(i / SIDE) + 0.5) * cell;
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  }
  context.fill();
}
