"""Known weaknesses of the tested versions of what we depend on, where the data about them can be had.

Ends with code 1 if there are any. Needs pip-audit in the environment that runs it; `make audit` makes one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Ask, and say what was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", type=Path, help="pinned versions, one a line")
    parser.add_argument("--minutes", type=float, default=5, help="how long to wait for the data")
    given = parser.parse_args()
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(given.versions)]
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            command + options, capture_output=True, text=True, check=False, timeout=given.minutes * 60
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError, TypeError) as error:
        said = getattr(done, "stderr", "") if not isinstance(error, subprocess.TimeoutExpired) else str(error)
        print(
            "not audited, the data could not be had:", (said.strip().splitlines() or ["no answer"])[-1][:200]
        )
        return 0
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    weak = [(package, found) for package in packages for found in package.get("vulns", ())]
    for package, found in weak:
        mended = ", ".join(found.get("fix_versions", ())) or "no version yet"
        print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    if unknown:
        print(f"no data about {', '.join(unknown[:5])}{' and others' if len(unknown) > 5 else ''}")
    print(f"{len(packages) - len(unknown)} of {len(packages)} packages audited, {len(weak)} known weaknesses")
    return int(bool(weak))


if __name__ == "__main__":
    sys.exit(main())
