"""Tests of the report: python3 -m unittest discover scripts/bench.d"""

import unittest

import aims
import report


class FakeRun:
    rounds = 3
    quick = False
    notes = ["a note"]
    failures = [("data", "it broke")]

    def __init__(self, *figures):
        self.figures = [FakeFigure(*figure) for figure in figures]


class FakeFigure:
    def __init__(self, section, what, contestant, value, unit, more_is_better, conditions):
        self.section, self.what, self.contestant, self.value = section, what, contestant, value
        self.unit, self.more_is_better, self.conditions = unit, more_is_better, conditions


class ReportTest(unittest.TestCase):
    def test_ratio_is_the_median_of_the_ratios_of_rounds_and_above_one_where_cairn_is_better(self):
        self.assertEqual(2, report.ratios([2, 40, 6], [1, 10, 3], True))
        self.assertEqual(0.5, report.ratios([2, 40, 6], [1, 10, 3], False))
        self.assertIsNone(report.ratios([0], [1], False))

    def test_rows_stand_beside_the_same_conditions_and_losses_are_told(self):
        page = report.markdown(FakeRun(
            ("S", "create", "cairn", 100, "/s", True, "sync"), ("S", "create", "cairn", 1000, "/s", True, "async"),
            ("S", "create", "other", 200, "/s", True, "sync"), ("S", "create", "other", 500, "/s", True, "async")), {}, "scripts/bench")
        self.assertIn("| create | other | sync | 200 /s | 0.50 |", page)
        self.assertIn("| create | other | async | 500 /s | 2.00 |", page)
        self.assertIn("- S, create: 0.50 of other (sync)", page)
        self.assertNotIn("2.00 of other", page)
        self.assertIn("- data: it broke", page)
        self.assertIn("- a note", page)

    def test_aims_say_whether_the_median_reaches_them(self):
        run = FakeRun(*[("NFS 4.1, 8 clients", "create", "cairn", value, "/s", True, "sync") for value in (3000, 4100, 9000)],
                      *[("NFS 4.1, 8 clients", "create", "ganesha", value, "/s", True, "sync") for value in (6000, 5000, 9001)])
        lines = "\n".join(aims.table(report.rows(run), report.ratios))
        self.assertIn("at least 4,000/s | 4,100 /s | yes", lines)
        self.assertIn("at least 1 of ganesha | 0.82 | **no**", lines)
        self.assertNotIn("8,000", lines)

    def test_no_aims_without_figures(self):
        self.assertEqual([], aims.table({}, report.ratios))


if __name__ == "__main__":
    unittest.main()
