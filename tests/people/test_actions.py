"""What the actions on a person write, refuse and keep."""

import pytest

from app import clock
from app.accounts import actions as accounts
from app.accounts.models import Membership
from app.audit import AuditEntry
from app.outbox import OutboxEvent
from app.people import actions
from app.people.actions import Decided, Details, Doubted
from app.people.models import Care, Document, IdentityVersion, KeptApart, Person, look_alikes
from app.people.rules import Identity, Number, PartialDate, is_temporary
from app.words import Refused
from tests import build

BORN = PartialDate(1980, 5, 17)
AN = Identity("NGUYỄN VĂN AN", BORN, "M")
CCCD = Number("CCCD", "001080000017")
NO_NUMBER = Number("NONE", "")
NOTHING = Decided()


@pytest.fixture
def station(app):
    return build.country()[2]


@pytest.fixture
def clerk(station):
    return signed_in(build.user(station))


def signed_in(user):
    row = Membership.get(Membership.user == user)
    return accounts.signed_in(row)


def register(clerk, identity=AN, numbers=(CCCD,), decided=NOTHING, **details):
    return actions.register(identity, numbers, Details(**details), clerk.unit_id, clerk, decided)


def codes(refused) -> list[str]:
    return [reason[1] for reason in refused.value.reasons]


def test_a_person_is_registered_with_a_first_version_documents_and_care(clerk):
    person = register(clerk, phone="0912345678")
    assert (person.folded, person.sex, person.dob, person.version) == (
        "nguyen van an",
        "M",
        BORN,
        1,
    )
    assert [(d.kind, d.number, d.active) for d in person.documents] == [("CCCD", CCCD.number, True)]
    assert [(v.seq, v.name, v.by_id) for v in person.identities] == [(1, AN.name, clerk.id)]
    assert Care.select().where(Care.person == person, Care.unit == clerk.unit_id).count() == 1
    assert AuditEntry.get(AuditEntry.person_id == person.id).action == "create"
    assert OutboxEvent.get().payload == {"person": person.id}


def test_without_documents_a_person_gets_a_temporary_code(clerk):
    person = register(clerk, numbers=[NO_NUMBER])
    code = person.documents.get()
    assert code.kind == "NONE" and is_temporary(code.number)
    assert Person.by_number(code.number) == person


def test_a_number_in_force_belongs_to_one_person(clerk):
    first = register(clerk)
    other = Identity("TRẦN THỊ BÌNH", PartialDate(1980, 1, 2), "M")
    with pytest.raises(Refused) as refused:
        register(clerk, other, decided=Decided(frozenset({first.id}), "namesake"))
    assert codes(refused) == ["number_taken"]
    assert Person.select().count() == 1, "nothing half-written"


def test_a_number_taken_under_another_kind_is_taken(clerk):
    first = register(clerk)
    other = Identity("TRẦN THỊ BÌNH", PartialDate(1980, 1, 2), "M")
    with pytest.raises(Refused) as refused:
        register(clerk, other, [Number("BHYT", CCCD.number)], Decided(frozenset({first.id}), "x"))
    assert codes(refused) == ["number_taken"]


def test_look_alikes_stop_until_somebody_decides(clerk):
    twin = register(clerk)
    near = Number("CCCD", "001080000018")
    with pytest.raises(Doubted) as doubted:
        register(clerk, AN, [near])
    assert [one.person.id for one in doubted.value.alikes] == [twin.id]
    assert Person.select().count() == 1
    second = register(clerk, AN, [near], Decided(frozenset({twin.id}), "twins"))
    pair = KeptApart.get()
    assert (pair.low_id, pair.high_id, pair.reason) == (twin.id, second.id, "twins")
    assert [one.person.id for one in look_alikes(second.identity, "/")] == []


@pytest.mark.parametrize(
    ("identity", "number", "details", "doubt"),
    [
        (AN._replace(sex="F"), CCCD, {}, "cccd_sex"),
        (AN._replace(dob=PartialDate(1981)), CCCD, {}, "cccd_year"),
        (
            Identity("BÉ NA", PartialDate(2020, 1, 1), "F"),
            Number("NONE", ""),
            {},
            "guardian_missing",
        ),
        (Identity("CỤ CỐ", PartialDate(1901), "F"), NO_NUMBER, {}, "age_unlikely"),
    ],
)
def test_what_disagrees_is_confirmed_with_a_reason_and_kept(
    clerk, identity, number, details, doubt
):
    with pytest.raises(Doubted) as doubted:
        register(clerk, identity, [number], **details)
    assert doubted.value.doubts == [doubt]
    person = register(clerk, identity, [number], Decided(confirmed="Thẻ in như vậy"), **details)
    assert person.identity_note == "Thẻ in như vậy"


def test_a_confirmation_without_anything_to_confirm_is_not_kept(clerk):
    assert register(clerk, decided=Decided(confirmed="thừa")).identity_note == ""


def test_a_new_identity_is_a_new_version_with_its_reason(clerk):
    person = register(clerk)
    actions.verify_identity(person.id, 1, True, "")
    actions.change_identity(person.id, 2, AN._replace(name="NGUYỄN VĂN ÂN"), "Thẻ mới", clerk)
    person = Person.get_by_id(person.id)
    assert (person.name, person.folded, person.version) == ("NGUYỄN VĂN ÂN", "nguyen van an", 3)
    assert person.identity_state == "unverified", "what changed must be confirmed again"
    versions = person.identities.order_by(IdentityVersion.seq)
    assert [(v.seq, v.name, v.reason) for v in versions] == [
        (1, AN.name, ""), (2, "NGUYỄN VĂN ÂN", "Thẻ mới"),
    ]  # fmt: skip


def test_a_stale_change_is_refused_and_writes_nothing(clerk):
    person = register(clerk)
    actions.set_details(person.id, 1, Details(phone="0912345678"))
    for change in (
        lambda: actions.change_identity(person.id, 1, AN._replace(name="KHÁC"), "Sửa", clerk),
        lambda: actions.set_details(person.id, 1, Details()),
        lambda: actions.set_deceased(person.id, 1, clock.today()),
        lambda: actions.verify_identity(person.id, 1, True, ""),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert codes(refused) == ["stale"]
    person = Person.get_by_id(person.id)
    assert (person.name, person.phone, person.version) == (AN.name, "0912345678", 2)
    assert person.identities.count() == 1


def test_a_change_that_disagrees_with_the_number_waits_for_confirmation(clerk):
    person = register(clerk)
    wrong = AN._replace(sex="F")
    with pytest.raises(Doubted):
        actions.change_identity(person.id, 1, wrong, "Giấy khai sinh", clerk)
    actions.change_identity(person.id, 1, wrong, "Giấy khai sinh", clerk, confirmed=True)
    assert Person.get_by_id(person.id).identity_note == "Giấy khai sinh"


def test_an_ended_number_is_kept_and_free_again(clerk):
    person = register(clerk)
    actions.end_document(person.documents.get().id, "mistyped")
    code, kept = Document.of([person.id])[person.id]
    assert (kept.active, kept.ended_why) == (False, "mistyped")
    assert is_temporary(code.number), "nobody is without any number"
    assert Person.by_number(CCCD.number) is None
    with pytest.raises(Refused) as refused:
        actions.end_document(kept.id, "lost")
    assert codes(refused) == ["stale"]
    other = register(clerk, Identity("LÊ THỊ HOA", PartialDate(1980), "M"),
                     decided=Decided(frozenset({person.id}), "near_number"))  # fmt: skip
    assert Person.by_number(CCCD.number) == other


def test_a_person_may_have_several_documents(clerk):
    person = register(clerk)
    actions.add_document(person.id, Number("PASSPORT", "B1234567"))
    actions.add_document(person.id, Number("CMND", "012345678"))
    assert {d.kind for d in person.documents} == {"CCCD", "PASSPORT", "CMND"}
    with pytest.raises(Refused) as refused:
        actions.add_document(person.id, Number("CMND", "012345678"))
    assert codes(refused) == ["number_here"]


def test_the_passports_of_two_countries_may_share_a_number(clerk):
    lao = register(clerk, AN, [Number("PASSPORT", "P123456", "LA")])
    thai = register(clerk, Identity("SOMCHAI", PartialDate(1970), "M"),
                    [Number("PASSPORT", "P123456", "TH")])  # fmt: skip
    assert Person.by_number("P123456", "LA") == lao
    assert Person.by_number("P123456", "TH") == thai
    assert Person.by_number("P123456") is None


def test_nobody_dies_before_birth(clerk):
    person = register(clerk)
    with pytest.raises(Refused) as refused:
        actions.set_deceased(person.id, 1, clock.today().replace(year=1979))
    assert codes(refused) == ["deceased_before_birth"]
    actions.set_deceased(person.id, 1, clock.today())
    actions.set_deceased(person.id, 2, None)
    assert Person.get_by_id(person.id).deceased_on is None


def test_a_mismatch_needs_a_reason(clerk):
    person = register(clerk)
    with pytest.raises(Refused) as refused:
        actions.verify_identity(person.id, 1, False, "")
    assert codes(refused) == ["mismatch_reason"]
    actions.verify_identity(person.id, 1, False, "Sai năm sinh")
    person = Person.get_by_id(person.id)
    assert (person.identity_state, person.identity_note) == ("mismatch", "Sai năm sinh")


def test_receiving_somebody_needs_their_exact_number(clerk):
    away = build.country()[2]
    person = build.person(away, CCCD.number)
    stranger = build.person(away)
    assert person not in Person.within(clerk.unit_path)
    with pytest.raises(Refused):
        actions.receive(stranger.id, CCCD.number, clerk)
    for _twice in range(2):
        actions.receive(person.id, CCCD.number, clerk)
    assert person in Person.within(clerk.unit_path)
    assert AuditEntry.select().where(AuditEntry.noun == "care").count() == 1


def test_an_alert_stays_for_the_next_screening(clerk):
    person = register(clerk)
    actions.add_alert(person.id, "reaction", "Phản vệ độ 2", product="comirnaty", serious=True)
    assert [(a.kind, a.product, a.serious) for a in person.alerts] == [
        ("reaction", "comirnaty", True)
    ]
