"""What can go wrong, each in one line."""


class NarrowsError(Exception):
    """A call that failed: bad input, bad usage, a full disk."""


class MissingRuntimeError(NarrowsError):
    """There is nothing to start: a wheel without its runtime, or one for another processor."""


class WorkerDiedError(NarrowsError):
    """The resident process ended in the midst of a call; the next call starts another."""
