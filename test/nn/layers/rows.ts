// The rows of all layers, family by family: each family has a file of its own.
import type { LayerRow } from "./harness.js";
import { CORE } from "./core.rows.js";
import { OTHER } from "./other.rows.js";
import { PREPROCESSING } from "./preprocessing.rows.js";
import { SPACE } from "./space.rows.js";

export const ROWS: readonly LayerRow[] = [...CORE, ...SPACE, ...OTHER, ...PREPROCESSING];
