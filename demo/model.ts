// A network that reads: a saved model's planned program on the core kernels, without compiler or training.
import { PROGRAM_KEY } from "../src/program/program.js";
import { loadProgram, type Program } from "../src/run.js";
import { kernels } from "./kernels.js";

export interface Reader {
  /** How the page calls it. */
  readonly name: string;
  readonly parameters: number;
  /** image: [28, 28], 0 is paper and 255 is ink. Ten probabilities, digit 0 first. */
  read(image: Uint8Array): Float32Array;
  /** Gives its memory back; it cannot read any more. */
  release(): void;
}

/** A reader from the bytes of a model file. Throws FormatError when the file is damaged or reads something else than 28×28 pixels. */
export async function loadReader(file: Uint8Array, name: string): Promise<Reader> {
  const model = await loadProgram(file, { modules: { core: await kernels("core") }, name });
  const pixels = new Float32Array(28 * 28);
  const reader = {
    name,
    parameters: countParameters(model.metadata[PROGRAM_KEY]!),
    read: (image: Uint8Array) => {
      pixels.set(image);
      return model.run(pixels);
    },
    release: () => model.release(),
  };
  // A file of another shape fails here, and not at the first stroke.
  const { length } = reader.read(new Uint8Array(28 * 28));
  if (length !== 10) throw new Error(`${name}: expected a network with 10 results, it has ${length}.`);
  return reader;
}

/** Elements of the weights that the program reads. */
function countParameters(text: string): number {
  const { slots, states } = JSON.parse(text) as Program;
  return states.reduce((sum, index) => sum + slots[index]!.bytes / Float32Array.BYTES_PER_ELEMENT, 0);
}
