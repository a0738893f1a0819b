"""`make bench`: each figure is a ratio to a peer, or to itself at a tenth of the size, in one run.

Machines differ and are noisy: the ratios are what counts. Nothing here is a test.
"""

from tests.bench import pushes, ticks


def main() -> None:
    """Run every benchmark and print one table."""
    rows = [*pushes.compare(), *ticks.compare()]
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:<{width}}  {row.ours:>14}  {row.other:>30}  {row.ratio:>8.2f}")


if __name__ == "__main__":
    main()
