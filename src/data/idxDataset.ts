// IDX files, which MNIST is published in, as a dataset.
import { FormatError } from "../base/errors.js";
import { parseIdx, type Idx } from "../formats/idx.js";
import type { Tensor } from "../engine/index.js";
import { bytesOf, nameOf, type ByteSource } from "./bytes.js";
import type { Dataset } from "./dataset.js";
import { fromArrays } from "./datasetSources.js";
import { gunzip, isGzip } from "./gunzip.js";
import type { LabelledImage } from "./imageDataset.js";

/**
 * The entries of an IDX file of bytes as tensors uint8 […]; with a second file { xs, ys }, ys its entries: the labels. Files may be packed by gzip.
 *
 * Throws FormatError, with the file's name, when one is damaged or of another kind, and when they differ in count.
 */
export async function idx(images: ByteSource): Promise<Dataset<Tensor>>;
export async function idx(images: ByteSource, labels: ByteSource): Promise<Dataset<LabelledImage<Tensor>>>;
export async function idx(images: ByteSource, labels?: ByteSource): Promise<Dataset<Tensor> | Dataset<LabelledImage<Tensor>>> {
  const xs = await read(images, "images");
  if (labels === undefined) return fromArrays(xs);
  const ys = await read(labels, "labels");
  if (xs.shape[0] !== ys.shape[0]) {
    throw new FormatError(`${nameOf(labels, "labels")}: expected ${xs.shape[0]} labels, one for each entry of ${nameOf(images, "images")}, got ${ys.shape[0]}.`);
  }
  return fromArrays({ xs, ys });
}

async function read(source: ByteSource, fallback: string): Promise<Idx> {
  const name = nameOf(source, fallback);
  const bytes = await bytesOf(source);
  return parseIdx(isGzip(bytes) ? await gunzip(bytes, name) : bytes, name);
}
