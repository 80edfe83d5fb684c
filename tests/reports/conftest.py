"""Two provinces of a day; see days.py for what happened in them."""

from types import SimpleNamespace

import pytest

from app import clock
from tests import build
from tests.reports.days import DAY


@pytest.fixture
def land(app, client):
    """Two provinces; in the first a station with a mobile site, and a hospital."""
    with clock.frozen(DAY):
        nation, province, station = build.country()
        mobile = build.unit("mobile", station, name="Điểm tiêm Nhà văn hóa")
        hospital = build.unit("hospital", province, name="Bệnh viện Đa khoa")
        other = build.country()
        head = build.user(province, "province")
        build.sign_in(client, head)
        yield SimpleNamespace(
            nation=nation, province=province, station=station, mobile=mobile, hospital=hospital,
            elsewhere=other[2], other=other[1], client=client, head=head,
        )  # fmt: skip
