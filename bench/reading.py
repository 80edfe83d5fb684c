"""Measures the reading of long lists: `python -m bench.reading --rows 20000`. Prints JSON: for each
kind of file its size, the seconds of the processor to open it and from its bytes to what each row
says, and the most memory that the program which opens it took.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.imports.actions.table import table_of
from app.imports.kinds import people as kind
from app.imports.reader import WORKBOOK, read
from bench.mess import LISTS, as_csv, clean_rows
from tests.imports.books import ods
from tests.imports.files import xlsx
from tests.imports.mess import FIELDS

# A child counts the memory of its parent before it was born, so a small one measures it.
CHILD = """
import resource, subprocess, sys
_, program, path = sys.argv
subprocess.run([sys.executable, "-I", program], stdin=open(path), stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def memory_of_child(data: bytes) -> float:
    """MB that workbook.py takes for a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list")
        path.write_bytes(data)
        command = [sys.executable, "-c", CHILD, str(WORKBOOK), str(path)]
        return round(int(subprocess.run(command, capture_output=True).stdout) / 1024, 1)


def processor() -> float:
    """Seconds of the processor so far, with those of the programs that ended."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def measured(data: bytes) -> dict[str, Any]:
    """What one file costs."""
    began, worked = time.perf_counter(), processor()
    read(data)
    opened = processor() - worked
    rows = [kind.read(line.cells, LISTS) for line in table_of(data).lines]
    whole = processor() - worked - opened
    return {
        "MB": round(len(data) / 2**20, 1), "rows": len(rows), "cpu_seconds_open": round(opened, 2),
        "cpu_seconds": round(whole, 2), "rows_a_cpu_second": round(len(rows) / whole),
        "seconds": round(time.perf_counter() - began, 1),
        "child_MB": memory_of_child(data) if data[:2] == b"PK" else 0,
    }  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, default=20_000)
    rows = [list(row.values()) for row in clean_rows(asked.parse_args().rows, 1)]
    table = [list(FIELDS.values()), *rows]
    made = {"xlsx": xlsx, "ods": ods, "csv": as_csv}
    print(json.dumps({name: measured(make(table)) for name, make in made.items()}, indent=1))


if __name__ == "__main__":
    main()
