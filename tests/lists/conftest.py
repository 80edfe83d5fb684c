"""A station with a list of people, whose head is signed in."""

from types import SimpleNamespace

import pytest

from tests import build

PEOPLE = (
    ("LÊ VĂN ÂN", 1950, "Thôn 10, xã Ea Kao"),
    ("TRẦN THỊ BÌNH", 1980, "thôn 2"),
    ("NGUYỄN VĂN AN", 1990, "Thôn 02, nhà ông Ba"),
    ("ĐỖ THỊ ĐÀO", 1975, "Số 5 đường Hùng Vương"),
    ("H'ĐĂM NIÊ", 1960, "buôn Đỗ"),
)


@pytest.fixture
def here(app, client):
    nation, province, site = build.country()
    head = build.user(site, "site_head")
    session = build.session(site, [])
    people = {}
    for number, (name, year, address) in enumerate(PEOPLE, 1):
        row = build.person(
            site, name=name, dob_year=year, address=address, phone=f"09123450{number:02}"
        )
        build.expected(session, row, number=number, note=f"ghi chú {number}")
        people[name] = row
    build.sign_in(client, head)
    return SimpleNamespace(
        nation=nation, province=province, site=site, head=head, session=session, people=people,
        client=client, app=app,
    )  # fmt: skip
