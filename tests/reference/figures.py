"""Every figure the regulation prints, and the readings it can be given, as plain Python."""

from fractions import Fraction

POLICIES = {
    "rescale": ["proportional", "combined", "none"],  # P01
    "full_marks": ["applicable", "stated"],  # P02
    "funding_steps": ["whole", "proportional"],  # P03
    "shortfall_steps": ["whole", "started", "proportional"],  # P04
    "students_ratio": ["pooled", "mean_of_units"],  # P05a
    "training_ratio": ["mean_of_units", "pooled"],  # P05b
    "intake_ratio": ["pooled", "mean_of_units"],  # P05c
    "employment_floor": ["none", "zero"],  # P06
    "cap_break": ["provincial_on_top", "provincial_alone", "none"],  # P07
    "employment_cap": ["stated", "parts"],  # P08
    "teaching_depts": ["exempt", "exempt_k31", "included"],  # P09
    "panel": ["mean", "median", "trimmed"],  # P10
    "task_shares": ["equal"],  # P11; `weights` needs weights in a scheme, which this reference has not
    "fail_line": [Fraction(6, 10)],  # P12; any fraction
    "ballot_scale": ["literal", "stretch"],  # P13
    "quota_ties": ["pending", "all", "none"],  # P14
    "weight_points": ["best_scaled", "capped"],  # P15
    "eligibility": ["both", "any"],  # P16
    "quota_fill": ["pass_down", "within_top"],  # P17
    "yixia": ["inclusive", "strict"],  # P18
    "component_cap": ["none", "cap"],  # P19
    "deduction_start": ["start", "full"],  # P20
    "yishang": ["inclusive", "strict"],  # P21
    "rank_ties": ["competition", "dense"],  # P22
    "employment_cap_on": ["net", "gains"],  # P23
    "survey_edge": ["inclusive", "strict"],  # P24
    "funding_count": ["project", "kind", "multiple"],  # P25
    "training_base": ["own", "mean_of_others"],  # P26
    "students_whole": ["all", "without"],  # P27
    "leader_panel": ["mean", "median", "trimmed"],  # P28
    "certificate_range": ["ratings", "down", "up"],  # P29
}

BALLOT_FULL = {"yuanbu": 20, "department": 70}
EXCELLENT_QUOTA = {"yuanbu": 2, "department": 3}
STATED_BASE = {"college": 55, "continuing": 55, "foundation": 48, "ideology": 48}
STATED_KEY = {"college": 95, "continuing": 61, "foundation": 41, "ideology": 41}

BASE_MAX = {f"B{n:02d}": Fraction(1) for n in range(1, 56)}
BASE_MAX["B04"] = BASE_MAX["B07"] = BASE_MAX["B09"] = Fraction(3, 2)
BASE_MAX["B05"] = Fraction(1, 2)
BASE_MAX["B32"] = Fraction(6)

# indicator: (full mark, categories it is for: c(ollege), o = continuing, f(oundation), i(deology))
KEY = {
    "K1.1": (10, "cfi"), "K1.2": (1, "c"), "K1.3": (2, "co"), "K1.4": (2, "cofi"),
    "K2a": (3, "co"), "K2b": (5, "co"),
    "K3.1": (2, "cofi"), "K3.2": (2, "cofi"), "K3.3": (2, "cofi"), "K3.4a": (2, "c"), "K3.4b": (2, "c"),
    "K4.1": (4, "c"), "K4.2": (4, "c"), "K4.3": (6, "c"),
    "K5.1a": (2, "co"), "K5.1b": (2, "co"), "K5.1c": (1, "co"), "K5.1d": (1, "co"),
    "K5.2a": (2, "co"), "K5.2b": (2, "co"), "K5.2c": (2, "co"),
    "K5.3": (3, "c"), "K5.4a": (1, "c"), "K5.4b": (2, "c"), "K5.4c": (2, "c"),
    "K6": (8, "cofi"),
    "K7.1": (4, "cofi"), "K7.2a": (2, "cofi"), "K7.2b": (1, "cofi"), "K7.3": (3, "cofi"),
    "K8.1": (2, "cofi"), "K8.2": (3, "cofi"), "K8.3": (2, "cofi"), "K8.4a": (1, "cofi"), "K8.4b": (2, "cofi"),
}  # fmt: skip
LETTER = {"college": "c", "continuing": "o", "foundation": "f", "ideology": "i"}

JUDGED = {*BASE_MAX, "K1.2", "K1.4", "K3.4a", "K5.1b", "K5.1c", "K5.1d", "K5.2a", "K5.2b",
          "K7.2a", "K7.2b", "K7.3", "K8.1", "K8.2", "K8.3", "K8.4a", "K8.4b"}  # fmt: skip

# What one incident takes; B07's rows bring their own points.
PER_INCIDENT = {"B17": Fraction(1), "B18": Fraction(1, 2), "K3.4a": Fraction(1, 2), "K5.1b": Fraction(1, 2)}

REQUIRED_METRICS = {
    "B07": ["invigilation_rate"],
    "B39": ["party_day_rate"],
    "K1.1": ["project_funding"],
    "K1.3": ["partner_companies", "cooperation_projects"],
    "K2a": ["trainees", "enrolled_students"],
    "K2b": ["training_income"],
    "K3.1": ["students_taught", "major_teachers"],
    "K3.2": ["training_persontimes", "practice_persontimes", "staff"],
    "K3.3": ["dual_qualified_teachers", "full_time_teachers"],
    "K3.4b": ["part_time_teachers", "full_time_teachers"],
    "K4.1": ["new_students", "majors"],
    "K4.2": ["new_students", "new_students_prev"],
    "K4.3": ["full_time_recruited", "recruitment_plan"],
    "K5.1a": ["classes_without_adviser", "leaders_not_advising"],
    "K5.2c": ["affiliated_clubs", "club_advisers"],
    "K5.3": ["initial_employment_rate", "yearend_employment_rate", "agreement_failure_rate", "survey_rate"],
    "K5.4a": ["startup_textbooks"],
    "K5.4b": ["incubated_projects"],
    "K5.4c": ["contest_school_finals", "contest_municipal_awards", "contest_provincial_awards"],
}

LAST_TASK = {"D01": 15, "D02": 15, "D03": 20, "D04": 12, "D05": 13, "D06": 15, "D07": 13, "D08": 10, "D09": 11,
             "D10": 13, "D11": 13, "D12": 10, "D13": 11, "D14": 13}  # fmt: skip


def base_max(indicator, category):
    """Full mark of a base indicator, None where it does not apply."""
    number = int(indicator[1:])
    if 19 <= number <= 31 and category not in ("college", "continuing"):
        return None
    if number == 32 and category not in ("foundation", "ideology"):
        return None
    return BASE_MAX[indicator]


def key_max(indicator, category, teaching_depts):
    """Full mark of a key indicator, None where it does not apply (P09 for foundation and ideology)."""
    full, categories = KEY[indicator]
    if LETTER[category] not in categories:
        return None
    if category in ("foundation", "ideology"):
        if teaching_depts == "exempt" and indicator in ("K1.4", "K7.3"):
            return None
        if teaching_depts == "exempt_k31" and indicator in ("K3.1", "K7.3"):
            return None
    return Fraction(full)


def department_max(unit_id):
    """Every indicator of a department with its full mark: W1…W4 10 each, the tasks 60 in equal shares."""
    tasks = [f"{unit_id}.T{n:02d}" for n in range(5, LAST_TASK[unit_id] + 1)]
    works = {f"{unit_id}.W{n}": Fraction(10) for n in range(1, 5)}
    return works | {task: Fraction(60, len(tasks)) for task in tasks}


def weight(row):
    """The weight of an achievement, None where kind, level and award have none."""
    kind, level, award = row["kind"], row["level"], row["award"]
    if row["indicator"] == "K1.1":
        if kind == "program":
            return {"national": 5, "provincial": 3}.get(level)
        if kind == "course":
            return {"national": 5, "provincial": 2}.get(level)
        if kind == "contest":
            if level == "national":
                return 5
            if level == "provincial":
                return {"first": 4, "second": 3, "third": 1}.get(award)
        if kind == "thesis" and level == "provincial":
            return {"first": 5, "team": 3, "second": 3, "third": 1}.get(award)
        if kind == "student_project":
            return {"national": 2, "provincial": 1}.get(level)
    if row["indicator"] == "K6":
        if kind in ("paper_indexed", "patent_invention"):
            return 3
        if kind in ("paper_core", "patent_utility", "software_copyright"):
            return 2
        if kind in ("paper_other", "patent_design"):
            return 1
        if kind == "topic":
            return {"national": 4, "provincial": 3, "municipal": 2, "school": 1, "horizontal": 1}.get(level)
        if kind == "research_award":
            return {"national": 4, "provincial": 2, "municipal": 1}.get(level)
    if row["indicator"] == "K7.1" and kind in ("honour", "media"):
        return {"national": 4, "provincial": 2, "municipal": 1}.get(level)
    return None
