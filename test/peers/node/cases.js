// What both Node clients have in common: the cases, told of one a line.

export const UNICODE = "größe 漢字 \u{1f600} 100 %\t";
export const LONG = "a rather long error text. ";
export const LONG_TIMES = 2500;

export function expect(found, expected) {
  const shown = (value) => String(JSON.stringify(value)).slice(0, 200);
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${shown(found)} (expected: ${shown(expected)})`);
  }
}

export function expectBeginning(found, whole) {
  if (!found || !whole.startsWith(found)) {
    throw new Error(`${JSON.stringify(found).slice(0, 200)} (expected: the beginning of ${whole.slice(0, 200)})`);
  }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function awaitNoneHanging(hung) {
  for (let i = 0; i < 200; i++) {
    if ((await hung()) === "0") {
      return;
    }
    await pause(50);
  }
  throw new Error(`${await hung()} calls hang still`);
}

// Plays cases by name and ends the process.
export async function play(cases) {
  let failed = 0;
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      console.log(`${name} ok`);
    } catch (problem) {
      failed++;
      console.log(`${name} failed: ${String(problem?.stack ?? problem).replaceAll("\n", " ")}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}
