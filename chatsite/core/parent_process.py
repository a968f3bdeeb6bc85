"""Dying with the parent: a child that outlives a killed parent would hold on to its port."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>


def end_with_parent(number: signal.Signals) -> None:
    """Has the kernel send this signal to this process when its parent is gone, however it went.

    Linux only; elsewhere nothing happens. A parent that went before the call is the caller's to
    notice.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
