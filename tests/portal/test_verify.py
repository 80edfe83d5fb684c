"""The page that the QR on a slip opens."""

import pytest

from app import clock
from app.audit import AuditEntry
from app.verification import rules as limits
from app.verification.actions.limits import buckets
from app.verification.models import LookUpCount
from tests import build


@pytest.mark.parametrize("prefix", ["/x/", "/X/"])
@pytest.mark.parametrize("written", [str, str.lower, lambda code: f"{code[:4]}-{code[4:]}"])
def test_a_slip_of_the_system(holder, prefix, written):
    page = holder.client.open_page(prefix + written(holder.slip.code), status=200)
    assert "Giấy này có trong hệ thống" in page.text
    facts = [item.text_content() for item in page.css("dd")]
    assert facts == [holder.person.masked, "1980", "1 mũi"]
    for secret in (holder.person.name, holder.number, "17/05/1980", holder.pin):
        assert secret not in page.text


def test_all_doses_count_also_later_ones(holder):
    build.dose(build.visit(build.session(holder.site), holder.person))
    assert "2 mũi" in holder.client.open_page(f"/x/{holder.slip.code}").text


@pytest.mark.parametrize(
    "code",
    [
        "00000000000000000", "7QK2M9PXC4RT80WZ5", "abc", "1", "%00", "😀", "a" * 5000,
        "<script>alert(1)", "' or 1=1 --",
    ],
)  # fmt: skip
def test_what_is_not_in_the_system_counts_for_nothing(client, code):
    page = client.open_page(f"/x/{code}", status=404)
    assert "không có trong hệ thống thì không có giá trị" in page.text
    assert not page.css("script, dd")


def test_one_wrong_sign_is_not_in_the_system(holder):
    other = "B" if holder.slip.code[5] != "B" else "C"
    code = holder.slip.code[:5] + other + holder.slip.code[6:]
    assert holder.client.open_page(f"/x/{code}").status == 404


def test_no_cookie_and_nothing_kept(app, holder):
    response = app.test_client(use_cookies=False).get(f"/x/{holder.slip.code}")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_only_wrong_codes_are_counted_and_many_have_to_wait(holder):
    client, url = holder.client, f"/x/{holder.slip.code}"
    client.open_page(url, status=200)
    assert not LookUpCount.select().count()
    client.open_page("/x/abc", status=404)
    row = LookUpCount.get()
    assert row.tries == 1
    LookUpCount.update(tries=limits.VERIFY[0].most).execute()
    page = client.open_page(url, status=429)
    assert "Hãy thử lại sau" in page.text and "Retry-After" in page.response.headers
    assert holder.person.masked not in page.text


def test_each_verification_is_audited(holder):
    holder.client.open_page(f"/x/{holder.slip.code}")
    row = AuditEntry.get(AuditEntry.action == "verify")
    assert (row.chain, row.noun, row.noun_id, row.person_id) == (
        0, "slip", holder.slip.id, holder.person.id,
    )  # fmt: skip


def test_the_count_of_codes_is_not_that_of_look_ups(holder):
    holder.client.open_page("/x/abc")
    values = {"number": "1", "neighbours": "1", "address": limits.network("127.0.0.1")}
    mine = buckets(limits.LOOK_UP, values, clock.now())
    assert not LookUpCount.select().where(LookUpCount.bucket.in_(list(mine))).count()
