"""Finding people: by number, words, years and what sounds alike; nobody outside the subtree."""

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.db import db, is_postgres
from app.people.models import POSTGRES_ONLY, Document, KeptApart, Person, look_alikes
from app.people.models.person import has_word, number_ends
from app.people.rules import Identity, Number, PartialDate, query
from tests import build


@pytest.fixture
def station(app):
    return build.country()[2]


@pytest.fixture
def three(station):
    """Three people of one station, in the order of their names."""
    return [
        build.person(station, "001080000011", name="TRẦN VĂN ÂN", dob_year=1950, dob_month=None,
                     dob_day=None, phone="0912345678"),
        build.person(station, "001190000022", name="NGUYỄN THỊ HÒA", sex="F", dob_year=1990),
        build.person(station, None, name="Đặng Thuý Hoà", sex="F", dob_year=1990, dob_month=2),
    ]  # fmt: skip


def names(found) -> list[str]:
    return [person.name for person in found]


def search(station, text: str) -> list[str]:
    return names(Person.search(station.path, query(text)))


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("001080000011", ["TRẦN VĂN ÂN"]),
        ("001 080 000 011", ["TRẦN VĂN ÂN"]),
        ("001080000011||TRAN VAN AN|1950|Nam|Hà Nội|01012022", ["TRẦN VĂN ÂN"]),
        ("0912345678", ["TRẦN VĂN ÂN"]),
        ("0011", ["TRẦN VĂN ÂN"]),
        ("000022 hoa", ["NGUYỄN THỊ HÒA"]),
        ("Trần Văn Ân", ["TRẦN VĂN ÂN"]),
        ("an tran", ["TRẦN VĂN ÂN"]),
        ("ÂN   VĂN", ["TRẦN VĂN ÂN"]),
        ("hoa", ["NGUYỄN THỊ HÒA", "Đặng Thuý Hoà"]),
        ("hòa", ["NGUYỄN THỊ HÒA", "Đặng Thuý Hoà"]),
        ("dang", ["Đặng Thuý Hoà"]),
        ("hoa 1990", ["NGUYỄN THỊ HÒA", "Đặng Thuý Hoà"]),
        ("hoa 2/1990", ["Đặng Thuý Hoà"]),
        ("1950", ["TRẦN VĂN ÂN"]),
        ("an 1951", []),
        ("anh", []),
        ("%", []),
        ("_", []),
        ("", []),
        ("'; drop table person", []),
    ],
)
def test_search_takes_whatever_is_typed(station, three, typed, hits):
    assert search(station, typed) == hits


def test_an_ended_number_still_finds_its_person(station, three):
    Document.update(active=False).where(Document.number == "001080000011").execute()
    assert search(station, "001080000011") == ["TRẦN VĂN ÂN"]
    assert Person.by_number("001080000011") is None


def test_search_stays_inside_the_subtree(three, station):
    away = build.country()[2]
    build.person(away, name="TRẦN VĂN ÂN")
    assert search(station, "tran an") == ["TRẦN VĂN ÂN"]
    assert len(search(away.parent, "tran an")) == 1
    assert len(search(away.parent.parent, "tran an")) == 2


def test_who_was_merged_is_not_listed(station, three):
    Person.update(merged_into=three[1]).where(Person.id == three[2].id).execute()
    assert search(station, "hoa") == ["NGUYỄN THỊ HÒA"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chan van an", "TRẦN VĂN ÂN"),
        ("tran van ang", "TRẦN VĂN ÂN"),
        ("tran dan an", None),
        ("001080000012", "TRẦN VĂN ÂN"),
        ("001080000101", "TRẦN VĂN ÂN"),
        ("1080000011", "TRẦN VĂN ÂN"),
        ("nguyen thi hoac", None),
        ("nguien ti hoa", None),
        ("lguyen thi oa", None),
        ("nguyen thy hoa", "NGUYỄN THỊ HÒA"),
    ],
)
def test_what_is_mistyped_or_misheard_is_nearly_found(station, three, typed, name):
    assert search(station, typed) == []
    assert names(Person.nearly(station.path, query(typed))) == ([name] if name else [])


def test_pages_follow_each_other_without_gaps(station):
    made = [build.person(station, name=f"LÊ {word} AN") for word in ("THỊ", "VĂN", "VĂN", "ĐÌNH")]
    everybody = names(Person.search(station.path, query("an")))
    shown, after = [], None
    while page := list(Person.search(station.path, query("an"), after).limit(2)):
        shown, after = shown + names(page), page[-1].id
    assert shown == everybody
    assert len(shown) == len(made)


def test_by_number_is_nationwide_and_exact(station, three):
    assert Person.by_number("001080000011") == three[0]
    assert Person.by_number("00108000001") is None
    assert Person.by_number("") is None


def identity(**given) -> Identity:
    return Identity("TRẦN VĂN ÂN", PartialDate(1980, 5, 17), "M")._replace(**given)


def cccd(number: str) -> tuple[Number]:
    return (Number("CCCD", number),)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        (identity(name="LÊ B", dob=PartialDate(1999), numbers=cccd("001080000011")), "same_number"),
        (identity(numbers=cccd("001080000012")), "same_name_birth_sex"),
        (identity(name="TRAN VAN AN"), "same_name_birth_sex"),
        (identity(name="Trần Văn Ất", numbers=cccd("001080000101")), "number_swapped"),
        (identity(dob=PartialDate(1981, 5, 17)), "birth_one_off"),
        (identity(dob=PartialDate(1980, 12, 5)), None),
        (identity(name="TRẦN ÂN"), "name_one_off"),
        (identity(name="TRẦN VĂN BÂN"), "name_one_off"),
        (identity(name="LÊ THỊ B", phone="0912345678"), "three_of_four"),
        (identity(sex="F", dob=PartialDate(1970), phone="0912345678"), None),
        (identity(dob=PartialDate(1970), phone="0912345678"), "three_of_four"),
        (identity(dob=PartialDate(1980)), "same_name_birth_sex"),
        (identity(name="LÊ THỊ B"), None),
        (identity(name=""), None),
    ],
)
def test_look_alikes_are_found_by_every_sign(station, typed, sign):
    known = build.person(station, "001080000011", name="TRẦN VĂN ÂN", phone="0912345678")
    build.person(station, name="LÊ VĂN KHÁC", dob_year=1933, sex="F")
    found = look_alikes(typed, station.path)
    assert [(one.person.id, one.sign) for one in found] == ([(known.id, sign)] if sign else [])
    assert all(one.inside and one.unit == station.name for one in found)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        (identity(numbers=cccd("001080000011"), name="LÊ B", dob=None), True),
        (identity(numbers=cccd("001080000012")), True),
        (identity(), True),
        (identity(dob=PartialDate(1980)), False),
        (identity(dob=PartialDate(1981, 5, 17)), False),
        (identity(name="TRẦN ÂN"), False),
        (identity(name="LÊ THỊ B", phone="0912345678"), False),
    ],
)
def test_strangers_from_elsewhere_show_only_by_a_certain_sign(station, typed, seen):
    away = build.country()[2]
    build.person(away, "001080000011", name="TRẦN VĂN ÂN", phone="0912345678")
    found = look_alikes(typed, station.path)
    assert [(one.inside, one.unit) for one in found] == ([(False, away.name)] if seen else [])


def test_nobody_looks_like_everybody_without_a_telephone(station):
    build.person(station, name="TRẦN VĂN ÂN", dob_year=1933, phone=None)
    assert look_alikes(identity(phone=None), station.path) == []


def test_who_was_kept_apart_is_not_shown_again(station):
    one = build.person(station, "001080000011", name="TRẦN VĂN ÂN")
    two = build.person(station, "001080000012", name="TRẦN VĂN ÂN")
    assert [a.person.id for a in look_alikes(one.identity, station.path)] == [two.id]
    by = build.user(station)
    KeptApart.create(low=one, high=two, reason="twins", by=by, at=clock.now())
    assert look_alikes(one.identity, station.path) == []
    assert KeptApart.of(two.id) == {one.id: "twins"}


def test_the_number_of_queries_does_not_grow_with_the_look_alikes(station):
    for _ in range(15):
        build.person(station, name="TRẦN VĂN ÂN")
    with count_queries() as counter:
        assert len(look_alikes(identity(), station.path)) == 10
    assert counter.count == 5


@pytest.fixture
def indexes(app):
    """What the migration makes on PostgreSQL only, and a planner that uses it if it can."""
    if not is_postgres():
        pytest.skip("PostgreSQL only")
    with db.atomic() as transaction:
        present = {row[0] for row in db.execute_sql("select indexname from pg_indexes")}
        for statement in POSTGRES_ONLY:
            if statement.split()[2] not in present:
                db.execute_sql(statement)
        db.execute_sql("set local enable_seqscan = off")
        yield
        transaction.rollback()


@pytest.mark.parametrize(
    ("select", "index"),
    [
        (lambda: Person.select().where(has_word(Person.folded, "nguyen")), "person_folded"),
        (lambda: Person.select().where(has_word(Person.sound, "nguien")), "person_sound"),
        (lambda: Document.select().where(number_ends("12345")), "document_ending"),
        (lambda: Document.select().where(Document.number == "001080000011"), "document_number"),
    ],
)
def test_postgres_reads_no_whole_table(indexes, select, index):
    sql, values = select().sql()
    plan = "\n".join(row[0] for row in db.execute_sql("explain " + sql, values))
    assert index in plan
