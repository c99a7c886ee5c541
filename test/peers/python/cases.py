"""What both Python clients have in common: how cases are told of."""

import sys

UNICODE = "größe 漢字 \U0001f600 100 %\t"
LONG = "a rather long error text. "
LONG_TIMES = 2500


def tell(name, problem):
    print(f"{name} {'ok' if problem is None else 'failed: ' + problem}", flush=True)
    return problem is None


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"{str(found)[:200]!r} (expected: {str(expected)[:200]!r})")


def expect_beginning(found, whole):
    if not found or not whole.startswith(found):
        raise AssertionError(f"{found[:200]!r} (expected: the beginning of {whole[:200]!r})")


def end(outcomes):
    sys.exit(0 if all(outcomes) else 1)
