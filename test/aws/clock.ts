/** The double's own time: so many times as fast as ours, and moved on by hand where a test wants it. */

/** `setTimeout` holds no longer wait than this. */
const LONGEST = 2_147_000_000;

interface Timer {
  readonly time: number;
  readonly act: () => void;
}

export class Clock {
  readonly #scale: number;
  #virtual = Date.now();
  #real = performance.now();
  readonly #timers = new Set<Timer>();
  #alarm: NodeJS.Timeout | undefined;

  constructor(scale: number) {
    this.#scale = scale;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#virtual + (performance.now() - this.#real) * this.#scale;

  readonly at = (time: number, act: () => void): (() => void) => {
    const timer = { time, act };
    this.#timers.add(timer);
    this.#arm();
    return () => this.#timers.delete(timer);
  };

  /** Moves the time on; whatever falls due on the way happens in order, each at its own time. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.now() + milliseconds;
    for (let next = this.#next(); next !== undefined && next.time <= end; next = this.#next()) {
      this.#set(Math.max(next.time, this.now()));
      this.#fire(next);
      // What it led to may set timers of its own.
      await new Promise((done) => setImmediate(done));
    }
    this.#set(Math.max(end, this.now()));
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#alarm);
    this.#timers.clear();
  }

  #set(virtual: number): void {
    this.#virtual = virtual;
    this.#real = performance.now();
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.time < first.time) first = timer;
    return first;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.act();
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const next = this.#next();
    if (next === undefined) return;
    const wait = Math.min(LONGEST, Math.max(0, Math.ceil((next.time - this.now()) / this.#scale)));
    this.#alarm = setTimeout(() => {
      for (let due = this.#next(); due !== undefined && due.time <= this.now(); due = this.#next()) this.#fire(due);
      this.#arm();
    }, wait);
    this.#alarm.unref();
  }
}
