// The pad: turns pointers and keys into strokes, keeps them for undo, and says whenever the ink has changed.
// It does not know what its ink is for. The canvas holds ink only; paper and grid are the page's.
import { drawStroke, type InkPoint, type Stroke } from "./ink.js";

export interface PadOptions {
  /** Shows where the pen is while keys move it; its place goes into the style properties --x and --y, 0 … 1. */
  readonly cursor: HTMLElement;
  /** Asked to write a digit, by a key. */
  readonly onDigit: (digit: number) => void;
}

/** How far an arrow key moves the pen: half a square of the 28×28 paper. */
const KEY_STEP = 1 / 56;
/** Points nearer than this add nothing but time. */
const NEAR = 1 / 800;

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Ink = readonly Stroke[];

/**
 * A pad to draw on. The canvas sends an "input" event after each change, be it by hand, by key or by script.
 * Whatever else draws on the canvas may send that event too.
 */
export class Pad {
  private ink: Ink = [];
  private readonly past: Ink[] = [];
  /** The stroke being drawn, the last of `ink`, still growing. */
  private open: InkPoint[] | null = null;
  private pointer: number | null = null;
  /** Whether what lies on the pad was written by the page. */
  private written = false;
  private writing = 0;
  private readonly held = new Set<string>();
  private readonly at = { x: 0.5, y: 0.25 };
  private penDown = false;
  private readonly context: CanvasRenderingContext2D;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly options: PadOptions,
  ) {
    // The ink is read back in every frame: a canvas in main memory gives it without a stall.
    this.context = canvas.getContext("2d", { willReadFrequently: true })!;
    this.listenToPointers();
    this.listenToKeys();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  get isEmpty(): boolean {
    return this.ink.length === 0;
  }

  /** Whether what lies on the pad was written by the page, or nothing does: the next stroke starts on a clean sheet. */
  get awaitsHand(): boolean {
    return this.written || this.isEmpty;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  clear(): void {
    if (this.isEmpty) return;
    this.stop();
    this.replace([]);
  }

  /** Takes the last change back: a stroke, a clearing, a written digit. */
  undo(): void {
    this.stop();
    const before = this.past.pop();
    if (!before) return;
    this.ink = before;
    this.written = false;
    this.redraw();
    this.changed();
  }

  /**
   * Writes strokes as a hand would, in about ms milliseconds; 0 shows them at once. Replaces what is there. Ends early when
   * somebody draws, clears or writes something else.
   */
  write(strokes: Ink, ms: number): void {
    this.stop();
    this.replace([]);
    this.written = true;
    const total = strokes.reduce((sum, { length }) => sum + length, 0);
    const start = performance.now();
    const step = (now: number): void => {
      let left = ms > 0 ? Math.ceil((total * (now - start)) / ms) : total;
      const done = left >= total;
      this.ink = strokes.map((stroke) => {
        const part = stroke.slice(0, Math.max(0, left));
        left -= stroke.length;
        return part;
      }).filter(({ length }) => length > 0);
      this.redraw();
      this.changed();
      this.writing = done ? 0 : requestAnimationFrame(step);
    };
    step(start);
  }

  private replace(ink: Ink): void {
    this.past.push(this.ink);
    this.ink = ink;
    this.written = false;
    this.redraw();
    this.changed();
  }

  /** Ends whatever is being drawn or written. */
  private stop(): void {
    this.stopWriting();
    this.open = null;
    this.pointer = null;
    this.lowerPen(false);
  }

  private stopWriting(): void {
    cancelAnimationFrame(this.writing);
    this.writing = 0;
  }

  private begin(point: InkPoint): void {
    this.stopWriting();
    if (this.written) this.replace([]);
    this.past.push(this.ink);
    this.open = [point];
    this.ink = [...this.ink, this.open];
    drawStroke(this.context, this.open, this.color());
    this.changed();
  }

  private extend(point: InkPoint): void {
    const stroke = this.open!;
    const last = stroke[stroke.length - 1]!;
    if (Math.abs(point.x - last.x) + Math.abs(point.y - last.y) < NEAR) return;
    stroke.push(point);
    drawStroke(this.context, stroke, this.color(), stroke.length - 1);
    this.changed();
  }

  private redraw(): void {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const color = this.color();
    for (const stroke of this.ink) drawStroke(this.context, stroke, color);
  }

  private color(): string {
    return getComputedStyle(this.canvas).getPropertyValue("--ink").trim() || "#000";
  }

  private changed(): void {
    this.canvas.dispatchEvent(new Event("input"));
  }

  private listenToPointers(): void {
    const { canvas } = this;
    const place = ({ clientX, clientY, pointerType, pressure }: PointerEvent): InkPoint => {
      const box = canvas.getBoundingClientRect();
      // Only pens say how hard they press; mice give 0.5 and fingers whatever they like.
      const width = pointerType === "pen" && pressure > 0 ? 0.55 + 0.9 * pressure : 1;
      return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height, width };
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      this.stop();
      this.pointer = event.pointerId;
      canvas.setPointerCapture(event.pointerId);
      this.begin(place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.pointer) return;
      const between = event.getCoalescedEvents?.() ?? [];
      for (const each of between.length > 0 ? between : [event]) this.extend(place(each));
    });
    const end = (event: PointerEvent): void => {
      if (event.pointerId === this.pointer) this.pointer = this.open = null;
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  }

  private listenToKeys(): void {
    const { canvas, held } = this;
    canvas.addEventListener("keydown", (event) => {
      const undo = (event.ctrlKey || event.metaKey) && event.key === "z";
      if (!undo && (event.ctrlKey || event.metaKey || event.altKey)) return;
      if (event.key in ARROWS) {
        held.add(event.key);
        this.moveByKeys();
      } else if (event.key === " ") {
        if (!event.repeat) this.lowerPen(!this.penDown);
      } else if (undo || event.key === "Backspace") {
        this.undo();
      } else if (event.key === "Escape" || event.key === "Delete") {
        this.clear();
      } else if (/^[0-9]$/.test(event.key)) {
        if (!event.repeat) this.options.onDigit(Number(event.key));
      } else {
        return;
      }
      event.preventDefault();
    });
    canvas.addEventListener("keyup", (event) => held.delete(event.key));
    canvas.addEventListener("focus", () => this.showCursor(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => {
      held.clear();
      this.lowerPen(false);
      this.showCursor(false);
    });
  }

  /** One step in the direction of all arrows that are held, so that two make a diagonal. */
  private moveByKeys(): void {
    for (const key of this.held) {
      const [dx, dy] = ARROWS[key]!;
      this.at.x = Math.min(1, Math.max(0, this.at.x + dx * KEY_STEP));
      this.at.y = Math.min(1, Math.max(0, this.at.y + dy * KEY_STEP));
    }
    if (this.penDown) this.extend({ ...this.at, width: 1 });
    this.showCursor(true);
  }

  private lowerPen(down: boolean): void {
    if (down === this.penDown) return;
    this.penDown = down;
    if (down) this.begin({ ...this.at, width: 1 });
    else this.open = null;
    this.options.cursor.classList.toggle("down", down);
  }

  private showCursor(shown: boolean): void {
    const { cursor } = this.options;
    cursor.hidden = !shown;
    cursor.style.setProperty("--x", String(this.at.x));
    cursor.style.setProperty("--y", String(this.at.y));
  }
}
