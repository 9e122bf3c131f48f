"""Runs ansible-playbook so that all of its processes are one process group: whoever ends the group leaves nothing behind.

ansible-core gives each of its workers a session of its own (to part them from a terminal, which nobody has here); a worker would
outlive its killed parent, and go on to change the machine.
"""

import os
import sys

os.setsid = lambda: os.getsid(0)
os.setpgid = lambda pid, group: None

from ansible.cli.playbook import main  # noqa: E402

sys.exit(main())
