// Which stream of a seed serves what in host code. Streams below 2⁴⁰ are call counters of programs, so these stand above.

/** Weight number i of a model is drawn from stream WEIGHTS + i. */
export const WEIGHTS = 2 ** 41;
/** The order of samples in epoch e comes from stream SHUFFLE + e. */
export const SHUFFLE = 2 ** 42;
