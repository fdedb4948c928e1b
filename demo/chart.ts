// A small chart: one curve that grows while a network learns, and a dot after each epoch. Plain SVG, coloured by style.css.

export interface ChartScale {
  /** Values at the bottom and the top. */
  readonly from: number;
  readonly to: number;
  /** Logarithmic: each step down is a tenth. */
  readonly log?: boolean;
  /** Values that get a line and a label. */
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

const WIDTH = 320;
const HEIGHT = 168;
const LEFT = 38;
const RIGHT = 6;
const TOP = 6;
const BOTTOM = 20;
/** A curve of more points than pixels shows nothing more. */
const MOST_POINTS = 400;

/** x of both series: from 0 to the end of the run, in epochs. */
export class Chart {
  private readonly svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  private readonly axis = make("g", {});
  private readonly path = make("path", {});
  private readonly marks = make("g", {});
  private readonly output: HTMLOutputElement;
  private points: [x: number, y: number][] = [];
  private epochs = 1;
  private marked = false;
  private every = 1;
  private skipped = 0;

  constructor(
    figure: HTMLElement,
    private readonly scale: ChartScale,
  ) {
    this.output = figure.querySelector("output")!;
    for (const tick of scale.ticks) {
      const y = this.y(tick);
      this.svg.append(make("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }));
      this.svg.append(label(LEFT - 8, y + 3.5, "end", scale.format(tick)));
    }
    this.svg.append(this.axis, this.path, this.marks);
    figure.append(this.svg);
    this.reset(8);
  }

  /** Empties the chart for a run of so many epochs. */
  reset(epochs: number): void {
    this.epochs = epochs;
    this.points = [];
    this.every = 1;
    this.skipped = 0;
    this.path.setAttribute("d", "");
    this.marks.replaceChildren();
    this.marked = false;
    this.output.textContent = "–";
    const step = Math.ceil(epochs / 8);
    this.axis.replaceChildren();
    for (let epoch = 0; epoch <= epochs; epoch += step) this.axis.append(label(this.x(epoch), HEIGHT - 3, "middle", String(epoch)));
  }

  /** Adds to the curve. epoch: how many have passed, with fraction. Draws nothing until draw(); stands above the chart until there is a dot. */
  add(epoch: number, value: number): void {
    if (!this.marked) this.say(value);
    if (this.skipped++ % this.every !== 0) return;
    this.points.push([this.x(epoch), this.y(value)]);
    if (this.points.length < MOST_POINTS) return;
    this.points = this.points.filter((_, i) => i % 2 === 0);
    this.every *= 2;
  }

  draw(): void {
    this.path.setAttribute("d", this.points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""));
  }

  /** A dot after an epoch; its value stands above the chart. */
  mark(epoch: number, value: number): void {
    this.marks.append(make("circle", { cx: this.x(epoch), cy: this.y(value), r: 4 }));
    this.marked = true;
    this.say(value);
  }

  private say(value: number): void {
    this.output.textContent = this.scale.format(value);
  }

  private x(epoch: number): number {
    return LEFT + (WIDTH - LEFT - RIGHT) * (epoch / this.epochs);
  }

  private y(value: number): number {
    const { from, to, log } = this.scale;
    const share = log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(1, Math.max(0, share)));
  }
}

function make<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function label(x: number, y: number, anchor: string, text: string): SVGTextElement {
  const made = make("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}
