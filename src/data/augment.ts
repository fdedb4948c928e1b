// Image augmentation as a stage of a dataset: dataset.map(augment({ seed: 1, rotation: 10 })).
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { borrowed, type Tensor } from "../engine/index.js";
import { imageAugmenter, type AugmenterOptions, type ImageAugmenter } from "./image.js";
import type { ElementInfo } from "./stages/stage.js";

/** An image, or an example whose xs are one. */
type ImageElement = Tensor | { readonly xs: Tensor };

/**
 * A function for Dataset.map that changes each image a little, in another way in every pass: see imageAugmenter for the options.
 *
 * Elements: tensors, or { xs, … } whose xs are: images [height, width, channels] or [height, width], batches [count, height, width, channels]. float32 and
 * uint8 stay what they are. What an image becomes follows from (seed, pass, its number at this stage): put it before shuffle if an image is to have the same
 * number in every pass.
 */
export function augment(options: Omit<AugmenterOptions, "height" | "width" | "channels">): <T extends ImageElement>(element: T, info: ElementInfo) => Promise<T> {
  let augmenter: ImageAugmenter | undefined;
  let size = "";
  /** Images before this batch in the pass: batches are of one size, but for the last. */
  let perElement = 0;
  const change = async (image: Tensor, { epoch, index }: ElementInfo): Promise<Tensor> => {
    const { shape, dtype } = image;
    if (shape.length < 2 || shape.length > 4 || (dtype !== "float32" && dtype !== "uint8")) {
      throw new ShapeError(`augment: expected float32 or uint8 images [height, width, channels] or batches of them, got ${dtype} ${showShape(shape)}.`);
    }
    const count = shape.length === 4 ? shape[0]! : 1;
    const [height, width, channels = 1] = (shape.length === 4 ? shape.slice(1) : shape) as [number, number, number?];
    if (size !== `${height} ${width} ${channels}`) {
      augmenter = imageAugmenter({ ...options, height, width, channels });
      size = `${height} ${width} ${channels}`;
    }
    if (index === 0) perElement = count;
    const data = (await image.data()) as Float32Array | Uint8Array; // A copy: changed in place.
    augmenter!(data, count, { epoch, indices: Uint32Array.from({ length: count }, (_, i) => index * perElement + i) });
    return borrowed(data, shape, dtype);
  };
  return async <T extends ImageElement>(element: T, info: ElementInfo): Promise<T> => {
    if ("xs" in element) return { ...element, xs: await change(element.xs, info) };
    return (await change(element, info)) as T;
  };
}
