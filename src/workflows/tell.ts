/** Signals to workflows that may have closed between the look and the word: then there is nobody to tell, and that is all right. */

/** Waits for a signal to be taken. @returns whether somebody was there */
export const tellIfOpen = (signal: Promise<void>): Promise<boolean> =>
  signal.then(
    () => true,
    () => false,
  );
