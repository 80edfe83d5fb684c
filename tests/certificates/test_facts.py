"""What a certificate will say, read from the rows."""

from datetime import date, datetime, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.certificates import payload
from app.certificates.actions import facts_of, facts_of_many
from app.certificates.models import LatinName
from app.certificates.payload import Basis, Facts
from app.people.models import Document, IdentityVersion, Person
from app.vaccines.models import catalogue_on
from app.visits.models import Dose
from app.words import REASONS, Refused
from tests import build


@pytest.fixture
def site(app):
    return build.country()[2]


def vaccinated(site, *doses, **given):
    """A person with doses, given as (product, kind, days ago)."""
    person = build.person(site, **({"name": "NGUYỄN BẢO DUY"} | given))
    for product, kind, ago in doses:
        at = clock.now() - timedelta(days=ago)
        lot = build.holding(site, product)
        day = build.session(site, [lot], held_on=clock.local(at).date())
        build.dose(build.visit(day, person), lot, kind=kind, given_at=at, lot_number=f"LO{ago}")
    return person


def reasons(person):
    with pytest.raises(Refused) as refused:
        facts_of(person.id)
    assert {code for _field, code, _values in refused.value.reasons} <= set(REASONS)
    return [code for _field, code, _values in refused.value.reasons]


def test_facts_are_those_of_the_newest_dose(site):
    person = vaccinated(site, ("ASTRAZENECA", "CO_BAN", 200), ("COMIRNATY", "CO_BAN", 30))
    first, newest = Dose.of(person.id)
    Dose.update(version=3).where(Dose.id == first.id).execute()
    facts = facts_of(person.id)
    assert facts[:4] == ("NGUYỄN", "BẢO DUY", "NGUYEN", "BAO<DUY")
    assert (facts.dob, facts.sex, facts.nationality) == ((1980, 5, 17), "M", "VN")
    assert facts.number == Document.get(Document.person == person.id).number
    assert (facts.mp, facts.ma, facts.vp) == ("EU/1/20/1528", "ORG-100030215", "1119349007")
    assert (facts.dose_number, facts.series, facts.kind) == (2, 2, "CO_BAN")
    assert facts.given_on == clock.today() - timedelta(days=30)
    assert (facts.lot, facts.place) == ("LO30", site.name)
    assert (facts.issued_on, facts.valid_until) == (clock.today(), None)
    assert (facts.maker, facts.guardian) == ("Pfizer-BioNTech", "")
    assert facts.basis == Basis(newest.id, ((first.id, 3), (newest.id, 1)), 1)
    assert payload.problems(facts) == []


@pytest.mark.parametrize(
    ("doses", "numbers"),
    [
        ([("JANSSEN", "CO_BAN", 90)], (1, 1)),
        ([("JANSSEN", "CO_BAN", 90), ("COMIRNATY", "NHAC_LAI", 9)], (2, 1)),
        ([("ABDALA", "CO_BAN", 90), ("ABDALA", "CO_BAN", 70)], (2, 3)),
        ([("VERO_CELL", "CO_BAN", 90), ("VERO_CELL", "CO_BAN", 70), ("VERO_CELL", "BO_SUNG", 9)],
         (3, 3)),
    ],
    ids=str,
)  # fmt: skip
def test_dose_and_series(site, doses, numbers):
    facts = facts_of(vaccinated(site, *doses).id)
    assert (facts.dose_number, facts.series) == numbers


def test_each_asking_has_an_identifier_of_its_own(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30))
    assert facts_of(person.id).uvci != facts_of(person.id).uvci


def test_a_vaccine_that_is_no_longer_used_keeps_its_codes(site, monkeypatch):
    person = vaccinated(site, ("JANSSEN", "CO_BAN", 90), ("JANSSEN", "NHAC_LAI", 30))

    def ended(day):
        book = catalogue_on(day)
        left = {code: one for code, one in book.products.items() if code != "JANSSEN"}
        return book._replace(products=left) if day == clock.today() else book

    monkeypatch.setattr("app.certificates.actions.facts.catalogue_on", ended)
    facts = facts_of(person.id)
    assert (facts.mp, facts.dose_number, facts.series) == ("EU/1/20/1525", 2, 1)


def test_a_dose_that_was_voided_is_not_in_it(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 60), ("COMIRNATY", "CO_BAN", 30))
    first, newest = Dose.of(person.id)
    Dose.update(voided_at=clock.now()).where(Dose.id == newest.id).execute()
    assert facts_of(person.id).basis.doses == ((first.id, 1),)
    Dose.update(voided_at=clock.now()).execute()
    assert reasons(person) == ["cert_no_dose"]


def test_the_day_is_the_local_one(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30))
    Dose.update(given_at=datetime(2026, 3, 1, 18, 30)).execute()  # 01:30 of the next day
    assert facts_of(person.id).given_on == date(2026, 3, 2)


def test_a_dose_from_elsewhere_keeps_the_name_of_its_place(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30))
    Dose.update(unit=None, place="Bệnh viện ở Lào", visit=None).execute()
    assert facts_of(person.id).place == "Bệnh viện ở Lào"


def said(person, seq=1, **given):
    names = {"surname": "NIÊ", "given": "H'HEN", "surname_latin": "NIE", "given_latin": "HHEN"}
    by = build.user(build.country()[2])
    return LatinName.create(
        person=person, identity_seq=seq, by=by, at=clock.now(), **(names | given)
    )


def renamed(person, seq, **changed):
    """The identity changes as the people's own action changes it."""
    Person.update(**changed).where(Person.id == person.id).execute()
    row = Person.get_by_id(person.id)
    known = {k: getattr(row, k) for k in ("name", "sex", "dob_year", "dob_month", "dob_day")}
    IdentityVersion.create(person=row, seq=seq, at=clock.now(), **known)


def test_a_name_that_the_rules_do_not_split_is_asked_for(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="H'HEN NIÊ")
    assert reasons(person) == ["cert_name_split"]
    said(person)
    assert facts_of(person.id)[:4] == ("NIÊ", "H'HEN", "NIE", "HHEN")


def test_what_was_said_of_a_name_counts_while_the_name_is_the_same(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="H'HEN NIÊ")
    said(person)
    renamed(person, 2, dob_year=1981)
    assert facts_of(person.id)[:2] == ("NIÊ", "H'HEN")
    assert facts_of(person.id).basis.identity_seq == 2
    said(person, 2, given="H'Hen")
    assert facts_of(person.id).given == "H'Hen"
    renamed(person, 3, name="H'HEN ÊBAN")
    assert reasons(person) == ["cert_name_split"]


def test_a_foreigners_name_is_asked_for_and_the_passport_counts(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="MAI SMITH", nationality="GB")
    Document.create(
        person=person, kind="PASSPORT", number="123456789", country="GB", added_at=clock.now()
    )
    assert reasons(person) == ["cert_name_split"]
    said(person, surname="SMITH", given="MAI", surname_latin="SMITH", given_latin="MAI")
    facts = facts_of(person.id)
    assert (facts.surname, facts.number, facts.nationality) == ("SMITH", "123456789", "GB")


def test_a_document_that_ended_is_not_in_it(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30))
    Document.update(active=False).where(Document.person == person.id).execute()
    assert facts_of(person.id).number == ""
    Document.create(person=person, kind="PASSPORT", number="C1234567", added_at=clock.now())
    assert facts_of(person.id).number == "C1234567"


def test_letters_that_nobody_knows_are_named(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="NGUYỄN ƏN")
    with pytest.raises(Refused) as refused:
        facts_of(person.id)
    assert refused.value.reasons == [("", "cert_name_letters", {"letters": "Ə"})]


def test_one_name_is_enough(site):
    person = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="VỠN")
    assert payload.dcc(facts_of(person.id))["nam"] == {"fn": "VỠN", "fnt": "VON"}


def test_only_a_child_has_its_guardian_in_it(site):
    dose = ("COMIRNATY", "CO_BAN", 30)
    year = clock.today().year
    for born, guardian in ((year - 10, "Lê Thị B"), (year - 30, "")):
        person = vaccinated(site, dose, dob_year=born, guardian_name="Lê Thị B")
        assert facts_of(person.id).guardian == guardian


def test_what_stands_against_it(site):
    merged = vaccinated(site, ("COMIRNATY", "CO_BAN", 30))
    Person.update(merged_into=build.person(site)).where(Person.id == merged.id).execute()
    assert reasons(merged) == ["person_merged"]
    unknown = vaccinated(site, ("QAZ", "CO_BAN", 30))
    assert reasons(unknown) == ["cert_product"]
    unborn = vaccinated(site, ("COMIRNATY", "CO_BAN", 30), dob_year=clock.today().year + 1)
    assert reasons(unborn) == ["cert_date_before_birth"]
    assert reasons(build.person(site)) == ["cert_no_dose"]


def test_many_are_asked_in_the_same_number_of_statements(site):
    people = [vaccinated(site, ("COMIRNATY", "CO_BAN", 30)) for _ in range(3)]
    people += [vaccinated(site, ("COMIRNATY", "CO_BAN", 30), name="Y MOAN")]
    facts_of(people[0].id)  # the catalogue is at hand
    with count_queries() as of_one:
        facts_of(people[0].id)
    with count_queries() as of_many:
        found = facts_of_many([10**6, *(one.id for one in people)])
    assert of_one.count == of_many.count == 5
    assert list(found) == [one.id for one in people]
    assert [isinstance(one, Facts) for one in found.values()] == [True, True, True, False]
    assert found[people[3].id] == [("", "cert_name_split", {})]
    assert len({one.uvci for one in list(found.values())[:3]}) == 3
