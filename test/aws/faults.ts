/** Scripts of what goes wrong: which calls, after how many good ones, how often, and how. */
import type { Fault } from './service.js';

export interface FaultScript extends Fault {
  readonly service: string;
  /** `*` for every action. */
  readonly action: string;
  /** How many calls it hits; absent: every one until the script is taken back. */
  readonly times?: number;
  /** How many calls pass before it begins. */
  readonly after?: number;
}

export class Faults {
  #scripts: { readonly script: FaultScript; passed: number; hit: number }[] = [];

  /** @returns how to take it back */
  add(script: FaultScript): () => void {
    const entry = { script, passed: 0, hit: 0 };
    this.#scripts.push(entry);
    return () => (this.#scripts = this.#scripts.filter((other) => other !== entry));
  }

  clear(): void {
    this.#scripts = [];
  }

  /** The first script that wants this call; those that only wait for their turn count it. */
  take(service: string, action: string): Fault | undefined {
    for (const entry of this.#scripts) {
      const { script } = entry;
      if (script.service !== service || (script.action !== '*' && script.action !== action)) continue;
      if (entry.passed < (script.after ?? 0)) {
        entry.passed += 1;
        continue;
      }
      if (entry.hit >= (script.times ?? Infinity)) continue;
      entry.hit += 1;
      return script;
    }
    return undefined;
  }
}
