"""A mixed-integer programme, collected row by row and solved by HiGHS, which scipy brings along.

https://docs.scipy.org/doc/scipy/reference/generated/scipy.optimize.milp.html
"""

from collections.abc import Mapping
from typing import Any

_TIME_LIMIT = 10  # seconds; never near it, and a plan that is not proved to be the best is none


class Programme:
    """Columns, each a number from 0 to its most, and rows, which bound sums of them; kept until it is solved."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, most: float, *, whole: bool = False) -> int:
        """A new column; where it is not `whole` it may come out as a fraction."""
        self.upper.append(most)
        self.whole.append(int(whole))
        return len(self.upper) - 1

    def row(self, terms: Mapping[int, float], least: float = float("-inf"), most: float = float("inf")) -> None:
        """The sum of these columns, each times its factor, lies between `least` and `most`."""
        if terms:
            self.rows.append((dict(terms), least, most))

    def solved(self, costs: Mapping[int, float]) -> list[float] | None:
        """The columns at the least cost; None where no proof was found in time."""
        import numpy as np  # noqa: PLC0415 - scipy takes a while to import, and only a plan needs it
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
        from scipy.sparse import csr_array  # noqa: PLC0415

        if not self.upper:
            return []
        cost = np.zeros(len(self.upper))
        cost[list(costs)] = list(costs.values())
        starts = np.cumsum([0, *(len(terms) for terms, _, _ in self.rows)])
        columns = [column for terms, _, _ in self.rows for column in terms]
        factors = [float(f) for terms, _, _ in self.rows for f in terms.values()]
        matrix = csr_array((factors, columns, starts), shape=(len(self.rows), len(self.upper)))
        limits: Any = LinearConstraint(matrix, [r[1] for r in self.rows], [r[2] for r in self.rows])
        found = milp(
            cost, integrality=self.whole, bounds=Bounds(0, self.upper), constraints=limits if self.rows else (),
            options={"mip_rel_gap": 0, "time_limit": _TIME_LIMIT},
        )  # fmt: skip
        return [float(x) for x in found.x] if found.status == 0 else None
