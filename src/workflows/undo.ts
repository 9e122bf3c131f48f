/** The undo of an act is registered before the act: an act whose answer is lost is undone too. */
import { CancellationScope } from '@temporalio/workflow';

export interface UndoStack {
  push(undo: () => Promise<void>): void;
  /** Runs everything newest first, shielded from cancellation; each undo is idempotent and retried by its activity until it holds. */
  unwind(): Promise<void>;
}

export function undoStack(): UndoStack {
  const stack: (() => Promise<void>)[] = [];
  return {
    push: (undo) => void stack.push(undo),
    unwind: () =>
      CancellationScope.nonCancellable(async () => {
        for (let undo = stack.pop(); undo; undo = stack.pop()) await undo();
      }),
  };
}
