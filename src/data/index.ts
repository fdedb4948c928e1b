// The public names of data: datasets, where they begin, and what is read from files.
export { Dataset, type InterleaveOptions, type PaddedBatchOptions, type SplitOptions } from "./dataset.js";
export { array, fromArrays, fromGenerator, fromIterable, fromTensors, generator, zip } from "./datasetSources.js";
export type { Column, Columns, Example } from "./stages/columns.js";
export { timeseries, type Sequences, type TimeseriesOptions } from "./timeseries.js";
export { Tuple, type Placed, type Stacked, type TupleOf } from "./stages/stack.js";
export type { ElementInfo, Pass } from "./stages/stage.js";
export { csv, CsvDataset, type CsvExample, type CsvOptions, type CsvRecord } from "./csv.js";
export type { CsvColumnConfig, CsvValue } from "./csvColumns.js";
export type { ByteSource } from "./bytes.js";
export { augment } from "./augment.js";
export { cutMix, mixUp, type MixOptions } from "./mix.js";
export { readImage, type ImageOptions, type ImageSource } from "./decodeImage.js";
export { ImageDirectory, images, imagesFromDirectory, type ImageDirectoryOptions, type LabelledImage } from "./imageDataset.js";
export type { ColorMode, Interpolation } from "./imagePixels.js";
export { idx } from "./idxDataset.js";
export { textLines } from "./textLines.js";
