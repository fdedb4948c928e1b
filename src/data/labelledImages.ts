// A data set of grey images with one label each, and the checks that tie the two together.
import { FormatError } from "../base/errors.js";
import { type Idx, parseIdx } from "../formats/idx.js";

export interface LabelledImages {
  /** [count, height, width], row-major, 0 is background and 255 is ink. */
  readonly images: Uint8Array;
  /** [count], each 0 … 9. */
  readonly labels: Uint8Array;
  readonly count: number;
}

export interface File {
  /** How errors call it: a path or an address. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Joins an IDX file of images with its IDX file of labels.
 *
 * Throws FormatError when either is broken, when they disagree in count, hold nothing, or a label is above 9.
 */
export function joinImagesAndLabels(images: File, labels: File): { set: LabelledImages; height: number; width: number } {
  const { shape, data } = parseIdx(images.bytes, images.name, 3);
  const [count, height, width] = shape as [number, number, number];
  const { data: labelData }: Idx = parseIdx(labels.bytes, labels.name, 1);
  if (labelData.length !== count) {
    throw new FormatError(`${labels.name}: expected ${count} labels, one for each image of ${images.name}, got ${labelData.length}.`);
  }
  if (data.length === 0) throw new FormatError(`${images.name}: expected at least one image, got shape [${shape.join(", ")}].`);
  const wrong = labelData.findIndex((label) => label > 9);
  if (wrong >= 0) throw new FormatError(`${labels.name}: expected labels 0 to 9, got ${labelData[wrong]} for image ${wrong}.`);
  return { set: { images: data, labels: labelData, count }, height, width };
}
