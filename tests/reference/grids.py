"""The values random years are built of: few, round, and on the regulation's thresholds, so that ties are common."""

from fractions import Fraction


def numbers(text):
    return [Fraction(word) for word in text.split()]


# Ratings as shares of the full mark, by the temper of a unit's raters.
TEMPERS = {
    "mixed": numbers("0 0.5 0.6 0.7 0.8 0.8 0.9 0.9 0.9 1 1 1"),
    "high": numbers("0.9 0.95 1 1 1"),
    "low": numbers("0 0.2 0.4 0.5 0.6"),
    "full": numbers("1"),
    "at_0.5": numbers("0.5"),
    "at_0.6": numbers("0.6"),
    "at_0.7": numbers("0.7"),
    "at_0.8": numbers("0.8"),
}
CERTIFICATE_RATINGS = numbers("0 0.5 0.5 0.75 0.8 1 1")  # K1.2

# Ballots (excellent, qualified, unqualified) worth exactly the share at which a flat temper rates.
BALLOTS = {"at_0.5": (0, 0, 1), "at_0.6": (0, 1, 1), "at_0.7": (0, 1, 0), "at_0.8": (1, 1, 0), "full": (1, 0, 0)}
LEADER_SCORES = numbers("50 60 70 80 85 87.5 90 90 95 100")

INVIGILATION = numbers("0.5 0.69 0.6999 0.7 0.7 0.7001 0.71 0.9 1")
PARTY_DAY = numbers("0.5 0.79 0.7999 0.8 0.8 0.8001 0.81 0.95 1")
SUBSTITUTED_HOURS = numbers("0 1.99 2 3")
FUNDING = numbers("0 0 99999.99 100000 150000 200000 250000 999999.99 1000000 1200000")
COMPANIES, PROJECTS = numbers("0 1 2 3 4"), numbers("0 1 2 3 4 8 9 12")
ENROLLED, TRAINEE_SHARE = numbers("100 300 1000"), numbers("0 0.5 0.69 0.7 0.7 0.99 1 1 1.49 1.5 1.5 2")
INCOME = numbers("0 499999.99 500000 999999.99 1000000 1499999.99 1500000 2000000")
TEACHERS = numbers("20 40 100 200")
DUAL = numbers("0 0.29 0.3 0.39 0.4 0.49 0.5 0.79 0.8 0.85 0.89 0.9 0.9 0.905 0.95 1")
PART_TIME = numbers("0 0.14 0.15 0.2 0.24 0.25 0.25 0.26 0.3 0.3 0.35 0.4")
GROWTH = numbers("0.9 1 1.05 1.0999 1.1 1.1 1.1001 1.1999 1.2 1.2 1.5")
PLAN = numbers("100 200 1000")
SHORTFALL = numbers("-0.1 0 0 0.05 0.099 0.1 0.1 0.101 0.15 0.2 0.25 0.29 0.3 0.31 0.4 1")
CLASSES, LEADERS = numbers("0 0 1 2 5 10 12"), numbers("0 0 1 2 4 5")
CLUBS, ADVISERS = numbers("0 1 2 3 4"), numbers("0 1 2 3 5")
INITIAL = numbers("0.5 0.79 0.7999 0.8 0.84 0.8499 0.85 0.85 0.95")
YEAREND = numbers("0.5 0.89 0.8999 0.9 0.94 0.9499 0.95 0.95 1")
FAILURES, SURVEY = numbers("0 0 0.05 0.0999 0.1 0.1001 0.3"), numbers("0.5 0.59 0.5999 0.6 0.65 0.7 0.79 0.8 0.8 1")
FEW, SOME, MANY = numbers("0 1 2 3 5"), numbers("0 0 1 2 3 4 6"), numbers("0 0 1 3 5 7 10 12")

# Factors of a pool's mean; those of a mirrored pair add up to 2, so that 0.7 and 1 are hit exactly.
FACTORS = numbers("0 0.5 0.7 0.7 1 1 1.3 1.3 2")
PAIRS = [(Fraction(7, 10), Fraction(13, 10)), (Fraction(1), Fraction(1)), (Fraction(1, 2), Fraction(3, 2)),
         (Fraction(0), Fraction(2))]  # fmt: skip

# (kind, levels, awards) of each counted indicator, with combinations that have no weight.
LEVELS = ["national", "provincial", "municipal", "school"]
PRIZES = ["first", "second", "third", "team", None]
KINDS = {
    "K1.1": [("program", LEVELS, [None]), ("course", LEVELS, [None]), ("contest", LEVELS, PRIZES),
             ("thesis", LEVELS, PRIZES), ("student_project", LEVELS, [None])],
    "K6": [(kind, [None], [None]) for kind in ("paper_indexed", "paper_core", "paper_other", "patent_invention",
                                              "patent_utility", "software_copyright", "patent_design")]
    + [("topic", [*LEVELS, "horizontal"], [None]), ("research_award", LEVELS, [None])],
    "K7.1": [("honour", LEVELS, [None]), ("media", LEVELS, [None])],
}  # fmt: skip
AMOUNTS = numbers("0 19999.99 20000 20000 49999.99 50000 50000 200000")
TITLES = ["项目 A", "项目  a ", "　项目　Ａ", "项目A", "课题 B", "课题 b", "成果C", "成果Ｃ", "论文 D", "Ⅸ"]
