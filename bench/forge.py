"""Forge certificates and count how many the verifier accepts: none.

    python -m bench.forge [--count 100000] [--seed 1]

One line of JSON: the mutants, at which layer they were refused, those that are the same
certificate in another envelope (see tests/verification/forging.py), those that were accepted, and
the seconds. The exit code is 1 when one was accepted.
"""

import argparse
import json
import sys
import time

from tests.verification.forging import forge


def main() -> int:
    """Forge as many as asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    start = time.monotonic()
    found = forge(asked.count, asked.seed)
    for one in found["accepted"]:
        print(one, file=sys.stderr)
    print(json.dumps(found | {"accepted": len(found["accepted"]), "seed": asked.seed,
                              "seconds": round(time.monotonic() - start, 1)}))  # fmt: skip
    return 1 if found["accepted"] else 0


if __name__ == "__main__":
    sys.exit(main())
