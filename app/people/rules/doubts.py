"""What to look at once more before a person's data are saved; nothing here refuses."""

from datetime import date

from app.people.rules.documents import disagreements
from app.people.rules.matching import Identity
from app.people.rules.names import name_doubts

# Below this age somebody else decides and signs: BLDS 2015, Đ20-21; CV 1535/BYT-DP 2022.
OF_AGE = 18
OLDEST_LIKELY = 110


def doubts(identity: Identity, guardian: str | None, today: date) -> list[str]:
    """Reason codes, each once: those of name_doubts and of disagreements (for every number),
    guardian_missing (surely under age and nobody named), age_unlikely (over 110)."""
    found = name_doubts(identity.name)
    for number in identity.numbers:
        found += disagreements(number.number, identity.dob, identity.sex)
    if identity.dob:
        least, most = identity.dob.age_range(today)
        found += ["guardian_missing"] if most < OF_AGE and not guardian else []
        found += ["age_unlikely"] if least > OLDEST_LIKELY else []
    return list(dict.fromkeys(found))
