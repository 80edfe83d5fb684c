"""What is right in vaccination, as data asks and papers say; pure."""

from app.vaccines.rules.catalogue import Ages, Catalogue, Consent, Form, Product, Source
from app.vaccines.rules.facts import (
    BO_SUNG,
    CO_BAN,
    FLAGS,
    KINDS,
    NHAC_LAI,
    Birth,
    GivenDose,
    Person,
    Problem,
    age_range,
)
from app.vaccines.rules.problems import (
    ALLOW_DOSE,
    lot_problems,
    problems,
    screening_problems,
)
from app.vaccines.rules.reading import OUTCOMES
from app.vaccines.rules.schedule import (
    Due,
    Plan,
    Volumes,
    due_on,
    most_boosters,
    plan,
    shortest_wait,
    volumes,
)
from app.vaccines.rules.screening import (
    ELIGIBLE,
    Answer,
    Computed,
    Signs,
    answer_problems,
    asked,
    conclude,
    conclusion_problems,
    consent_for,
    delay_until,
    flags,
    form_for,
    needed,
    sign_problems,
)

__all__ = [
    "ALLOW_DOSE", "Ages", "Answer", "BO_SUNG", "Birth", "CO_BAN", "Catalogue", "Computed",
    "Consent", "Due", "ELIGIBLE", "FLAGS", "Form", "GivenDose", "KINDS", "NHAC_LAI", "OUTCOMES",
    "Person", "Plan", "Problem", "Product", "Signs", "Source", "Volumes", "age_range",
    "answer_problems", "asked", "conclude", "conclusion_problems", "consent_for", "delay_until",
    "due_on", "flags", "form_for", "lot_problems", "most_boosters", "needed", "plan",
    "problems", "screening_problems", "shortest_wait", "sign_problems", "volumes",
]  # fmt: skip
