declare module 'fs-native-extensions' {
  const api: {
    /** A lock on the open file description, exclusive unless shared; `false` when another's is in the way. */
    tryLock(fd: number, options?: { readonly shared?: boolean }): boolean;
    unlock(fd: number): void;
  };
  export default api;
}
