/** A shell on a terminal of its own, as Session Manager's agent starts one: Node.js has no pseudo-terminals, Python has. It ends when the program or the input does. */

/** For `python3 -c TEXT PROGRAM ARGS…`. */
export const TERMINAL = `
import os, pty, select, signal, sys

pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])

sources = [master, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 4096)
        if not typed:
            os.kill(pid, signal.SIGHUP)
            sources.remove(0)
        while typed:
            typed = typed[os.write(master, typed):]
    if master in ready:
        try:
            shown = os.read(master, 65536)
        except OSError:
            break
        if not shown:
            break
        os.write(1, shown)
os.waitpid(pid, 0)
`;
