// What the page and its training worker say to each other.

export type Network = "mlp" | "lenet";

export interface Lesson {
  readonly network: Network;
  readonly epochs: number;
  readonly seed: number;
}

/** Page to worker. */
export type Order =
  | { readonly type: "train"; readonly lesson: Lesson; readonly modules: Readonly<Record<"core" | "train", WebAssembly.Module>> }
  /** Ends the run after the step at hand; what was learned so far is handed back. */
  | { readonly type: "stop" };

/** A point of the learning curves. epoch: how many have passed, with fraction. */
export interface CurvePoint {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Worker to page. */
export type News =
  | { readonly type: "writing"; readonly digits: number }
  | { readonly type: "started"; readonly parameters: number }
  | { readonly type: "progress"; readonly points: readonly CurvePoint[]; readonly imagesPerSecond: number }
  /** After an epoch, on digits that were held back. */
  | ({ readonly type: "epoch" } & CurvePoint)
  | { readonly type: "finished"; readonly stopped: boolean; readonly file: Uint8Array<ArrayBuffer>; readonly seconds: number }
  | { readonly type: "failed"; readonly message: string };
