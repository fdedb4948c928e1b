// The page: ink on the pad becomes 28×28 pixels, a network reads them, the view shows what it thinks; once a frame, when the ink has changed.
import { ReadingView } from "./bars.js";
import { element, prefersStillness } from "./dom.js";
import { InkReader } from "./input.js";
import { InputView } from "./inputView.js";
import { fetchBytes } from "./kernels.js";
import { loadReader, type Reader } from "./model.js";
import { Pad } from "./pad.js";
import { handwritten, Samples } from "./samples.js";
import { TrainingPanel } from "./training.js";
import type { Stroke } from "./ink.js";

/** How long the page takes to write a sample digit. */
const WRITING_MS = 550;
/** Readings over which the time is averaged: clocks in browsers are coarse. */
const TIMES = 30;
const WARM = 8;

const canvas = element("pad", HTMLCanvasElement);
const pad = new Pad(canvas, {
  cursor: element("pen", HTMLSpanElement),
  onDigit: (digit) => write(handwritten(digit, randomSeed())),
});
const ink = new InkReader(canvas);
const view = new ReadingView({
  bars: element("bars", HTMLOListElement),
  digit: element("digit", HTMLElement),
  certainty: element("certainty", HTMLElement),
  spoken: element("spoken", HTMLElement),
});
const inputView = new InputView(element("input", HTMLCanvasElement));
const samples = new Samples(element("samples", HTMLDivElement), write);
const undo = element("undo", HTMLButtonElement);
const clear = element("clear", HTMLButtonElement);
const backToBundled = element("bundled", HTMLButtonElement);
const invitation = element("invitation", HTMLParagraphElement);

let reader: Reader | undefined;
let bundled: Reader | undefined;
let frame = 0;
let times: number[] = [];
let preparing: number[] = [];

canvas.addEventListener("input", () => (frame ||= requestAnimationFrame(read)));
undo.addEventListener("click", () => pad.undo());
clear.addEventListener("click", () => pad.clear());
element("shuffle", HTMLButtonElement).addEventListener("click", () => samples.shuffle(randomSeed()));
backToBundled.addEventListener("click", () => bundled && use(bundled));
new TrainingPanel({
  onUse: async ({ file, accuracy }) => {
    try {
      use(await loadReader(file, `your network, ${(100 * accuracy).toFixed(1)} % right on generated digits`));
      canvas.scrollIntoView({ block: "center", behavior: prefersStillness() ? "auto" : "smooth" });
    } catch (error) {
      fail("Your network cannot be used", error);
    }
  },
});
samples.shuffle(5);
read();
void start();

async function start(): Promise<void> {
  try {
    bundled = await loadReader(await fetchBytes("digits.safetensors"), "built-in network, 99.65 % right on the MNIST test images");
    use(bundled);
    // So that there is something to see: the first stroke of one's own starts on a clean sheet.
    if (pad.isEmpty) write(samples.strokes(3));
  } catch (error) {
    fail("The network could not be loaded", error);
  }
}

/** Lets this network read from now on. */
function use(next: Reader): void {
  if (reader !== bundled) reader?.release();
  reader = next;
  backToBundled.hidden = !bundled || next === bundled;
  times = [];
  element("model-name", HTMLElement).textContent = next.name;
  element("fact-parameters", HTMLElement).textContent = next.parameters.toLocaleString("en");
  read();
}

function read(): void {
  frame = 0;
  const start = performance.now();
  const image = ink.read();
  const empty = image.every((value) => value === 0);
  const middle = performance.now();
  const probabilities = reader && !empty ? reader.read(image) : null;
  const end = performance.now();
  inputView.show(image);
  view.show(probabilities, empty ? "Nothing drawn yet" : "No network to read it yet");
  if (probabilities) showTime(end - middle, middle - start);
  undo.disabled = !pad.canUndo;
  clear.disabled = empty;
  invitation.hidden = !pad.awaitsHand;
}

function showTime(readingMs: number, preparingMs: number): void {
  times = [...times.slice(1 - TIMES), readingMs];
  preparing = [...preparing.slice(1 - TIMES), preparingMs];
  // The first runs are those of code that the browser has not compiled yet.
  if (times.length < WARM) return;
  const time = milliseconds(mean(times.slice(WARM - 1)));
  element("timing", HTMLElement).textContent = `prepared in ${milliseconds(mean(preparing.slice(WARM - 1)))}, read in ${time}`;
  element("fact-time", HTMLElement).textContent = time;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 1 ? 2 : 1)} ms`;
}

function write(strokes: Stroke[]): void {
  pad.write(strokes, prefersStillness() ? 0 : WRITING_MS);
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

function fail(what: string, error: unknown): void {
  const box = element("failure", HTMLParagraphElement);
  box.textContent = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  box.hidden = false;
  element("model-name", HTMLElement).textContent = reader?.name ?? "no network";
}
