// One contender in a process of its own: makes a job, then runs as many steps as it is told and reports times and losses.
import { batch } from "./jobs.mjs";

/** @param make (network) => (images, labels) => loss, possibly promised */
export function serve(make) {
  let step;
  process.on("message", async (message) => {
    try {
      if (message.make) {
        step = await make(message.make);
        process.send({ made: true });
        return;
      }
      const times = [];
      const losses = [];
      for (let i = 0; i < message.steps; i++) {
        // The inputs of every step are new; making them is not timed.
        const { images, labels } = batch(message.first + i);
        const start = performance.now();
        losses.push(await step(images, labels));
        times.push(performance.now() - start);
      }
      process.send({ times, losses });
    } catch (error) {
      process.send({ error: String(error?.message ?? error).split("\n")[0] });
    }
  });
}
