// The seed of all sweeps: $SEED, else 1. Sweeps print it in their names or failures.
export const SEED = Number(process.env.SEED ?? 1);
