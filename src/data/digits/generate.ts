// Handwriting-like digits: shapes from shapes.ts, written by an unsteady hand. Pure computation, the same on every
// platform; laid out as MNIST is (a 20×20 box, centred by mass in 28×28, bright ink on dark).
import { ValueError } from "../../base/errors.js";
import { cos, exp, sin } from "../../base/math.js";
import { createRandom, type Random } from "../../base/random.js";
import { centreByMass } from "../centre.js";
import type { LabelledImages } from "../labelledImages.js";
import { Ink, rasterize } from "./ink.js";
import { DIGIT_SHAPES, type DigitShape } from "./shapes.js";

const DIGIT_SIZE = 28;
const BOX = 20;

/** How unsteady the hand is. Lengths in parts of the digit's height, angles in radians, radii in pixels. */
const HAND = {
  /** Spread of each control point. */
  jitter: 0.031,
  /** Spread of the smooth warp's displacements, on a grid of WARP × WARP nodes. */
  warp: 0.048,
  /** Mean and spread of the slant: x moves by slant · y. */
  slant: [0.22, 0.25],
  /** Spread of the rotation. */
  rotation: 0.11,
  /** Mean and spread of ln(width / height), on top of the shape's own. */
  aspect: [-0.08, 0.2],
  /** Mean and spread of ln(pen radius). */
  radius: [0.25, 0.28],
  /** Spread of the pressure's change from a stroke's start to its end. */
  pressure: 0.14,
  /** Smallest and largest pixels over which an edge fades. */
  softness: [0.8, 1.4],
} as const;

const WARP = 4;
const STEP = 0.07;
const THINNEST = 0.75;
const THICKEST = 2.3;

/**
 * Images of handwriting-like digits with their labels; all digits are equally likely.
 *
 * seed: whole number   first: number of the first image, so that sets of one seed can continue each other or stay apart
 * images: [count, 28, 28] uint8   labels: [count]
 * Image i depends on (seed, first + i) alone. About 40 µs an image. Throws ValueError on a count below 1.
 */
export function generateDigits({ count, seed, first = 0 }: { count: number; seed: number; first?: number }): LabelledImages {
  if (!Number.isInteger(count) || count < 1) throw new ValueError(`digits: expected a count of at least 1, got ${count}.`);
  const pixels = DIGIT_SIZE * DIGIT_SIZE;
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  const random = createRandom(seed);
  const ink = new Ink();
  for (let i = 0; i < count; i++) {
    random.restart(first + i);
    const label = random.integer(10);
    const softness = writeDigit(label, random, ink);
    const image = images.subarray(i * pixels, (i + 1) * pixels);
    rasterize(ink, image, DIGIT_SIZE, softness);
    centreByMass(image, DIGIT_SIZE);
    labels[i] = label;
  }
  return { images, labels, count };
}

/**
 * The pen strokes of one digit, for drawing it on a canvas: lists of points in pixels of a 28×28 image.
 * Another random state gives another hand.
 */
export function digitStrokes(digit: number, random: Random): { points: [x: number, y: number][]; radius: number }[] {
  const ink = new Ink();
  writeDigit(digit, random, ink);
  const strokes: { points: [x: number, y: number][]; radius: number }[] = [];
  for (let i = 0; i < ink.length; i++) {
    if (ink.down[i] === 0) strokes.push({ points: [], radius: ink.radius[i]! });
    strokes.at(-1)!.points.push([ink.x[i]!, ink.y[i]!]);
  }
  return strokes;
}

const scratch = /* @__PURE__ */ new Float64Array(64);
const warpX = /* @__PURE__ */ new Float64Array(WARP * WARP);
const warpY = /* @__PURE__ */ new Float64Array(WARP * WARP);

/** Writes a digit into `ink`, in pixels of its image, and returns how soft its edges are. */
function writeDigit(digit: number, random: Random, ink: Ink): number {
  const shapes = DIGIT_SHAPES[digit];
  if (!shapes) throw new ValueError(`digits: expected a digit 0 to 9, got ${digit}.`);
  ink.clear();
  for (const stroke of pick(shapes, random).strokes) {
    for (let i = 0; i < stroke.length; i += 2) {
      const corner = i > 0 && stroke[i] === stroke[i - 2] && stroke[i + 1] === stroke[i - 1];
      scratch[i] = corner ? scratch[i - 2]! : stroke[i]! + HAND.jitter * random.normal();
      scratch[i + 1] = corner ? scratch[i - 1]! : stroke[i + 1]! + HAND.jitter * random.normal();
    }
    const start = ink.length;
    ink.addCurve(scratch, stroke.length / 2, STEP);
    press(ink, start, random);
  }
  distort(ink, random);
  const radius = Math.min(THICKEST, Math.max(THINNEST, exp(spread(HAND.radius, random))));
  const softness = random.uniform(HAND.softness[0], HAND.softness[1]);
  layOut(ink, radius, softness, random);
  return softness;
}

function pick(shapes: readonly DigitShape[], random: Random): DigitShape {
  let total = 0;
  for (const { weight } of shapes) total += weight;
  let left = random.uniform(0, total);
  for (const shape of shapes) if ((left -= shape.weight) < 0) return shape;
  return shapes[0]!;
}

/** Pressure changes evenly along a stroke. Radii are relative here; layOut makes them pixels. */
function press(ink: Ink, start: number, random: Random): void {
  const change = HAND.pressure * random.normal();
  const pieces = ink.length - start;
  for (let i = 0; i < pieces; i++) ink.radius[start + i] = Math.max(0.6, 1 + change * (i / pieces - 0.5) * 2);
}

/** Smooth warp, then slant, width and rotation about the middle. */
function distort(ink: Ink, random: Random): void {
  for (let i = 0; i < WARP * WARP; i++) {
    warpX[i] = HAND.warp * random.normal();
    warpY[i] = HAND.warp * random.normal();
  }
  const slant = spread(HAND.slant, random);
  const width = exp(spread(HAND.aspect, random));
  const angle = HAND.rotation * random.normal();
  const c = cos(angle);
  const s = sin(angle);
  for (let i = 0; i < ink.length; i++) {
    const u = ink.x[i]!;
    const v = ink.y[i]!;
    const y = v + onGrid(warpY, u, v) - 0.5;
    const x = (u + onGrid(warpX, u, v) - 0.5) * width - slant * y;
    ink.x[i] = c * x - s * y;
    ink.y[i] = s * x + c * y;
  }
}

/** A value between the nodes of a WARP × WARP grid over the unit box, blended smoothly (3t² − 2t³). */
function onGrid(nodes: Float64Array, u: number, v: number): number {
  const gx = Math.min(0.9999, Math.max(0, u)) * (WARP - 1);
  const gy = Math.min(0.9999, Math.max(0, v)) * (WARP - 1);
  const column = Math.floor(gx);
  const row = Math.floor(gy);
  const fx = gx - column;
  const fy = gy - row;
  const wx = fx * fx * (3 - 2 * fx);
  const wy = fy * fy * (3 - 2 * fy);
  const at = row * WARP + column;
  const top = nodes[at]! + wx * (nodes[at + 1]! - nodes[at]!);
  const bottom = nodes[at + WARP]! + wx * (nodes[at + WARP + 1]! - nodes[at + WARP]!);
  return top + wy * (bottom - top);
}

/** Fits the ink, with the pen's width and soft edges, into the 20×20 box in the middle of the image, at any place between the pixels. */
function layOut(ink: Ink, radius: number, softness: number, random: Random): void {
  const { x, y, length } = ink;
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < length; i++) {
    left = Math.min(left, x[i]!);
    right = Math.max(right, x[i]!);
    top = Math.min(top, y[i]!);
    bottom = Math.max(bottom, y[i]!);
  }
  const scale = (BOX - 2 * radius - softness) / Math.max(right - left, bottom - top);
  const middle = DIGIT_SIZE / 2;
  const shiftX = middle - (scale * (left + right)) / 2 + random.uniform(-0.5, 0.5);
  const shiftY = middle - (scale * (top + bottom)) / 2 + random.uniform(-0.5, 0.5);
  for (let i = 0; i < length; i++) {
    x[i] = scale * x[i]! + shiftX;
    y[i] = scale * y[i]! + shiftY;
    ink.radius[i] = ink.radius[i]! * radius;
  }
}

function spread([mean, deviation]: readonly [number, number], random: Random): number {
  return mean + deviation * random.normal();
}
