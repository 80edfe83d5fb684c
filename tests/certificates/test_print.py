"""The slip as Chromium prints it: one sheet, and a QR that a scanner reads from the paper."""

import re
import subprocess
from datetime import datetime

import pytest
from PIL import Image

from app import clock
from app.certificates.models import Slip
from tests import build
from tests.browsers import chromium, fed_by, program
from tests.codes import texts

LONG_SITE = "Trung tâm Y tế dự phòng thành phố Buôn Ma Thuột, điểm tiêm lưu động số 12"


@pytest.fixture
def paper(app, client):
    """The pages of a slip with all its slots filled and long names: (size) → PDF."""
    _nation, province, _site = build.country()
    site = build.unit("station", province, name=LONG_SITE)
    person = build.person(
        site, name="CÔNG TẰNG TÔN NỮ NGUYỄN THỊ MINH PHƯƠNG KHUÊ", phone="0912345678",
        address="Số 123 ngõ 456 phố Nguyễn Chí Thanh, tổ dân phố số 12, phường Láng Hạ",
        area_scheme="vn34", area_code="01",
    )  # fmt: skip
    kinds = ["CO_BAN"] * 3 + ["BO_SUNG"] + ["NHAC_LAI"] * 3
    for month, kind in enumerate(kinds, 1):
        with clock.frozen(datetime(2022, month, 7, 9, 30)):
            lot = build.holding(site, "ASTRAZENECA", number=f"PV46{month:04}A")
            dose = build.dose(build.visit(build.session(site, [lot]), person), lot, kind=kind)
    build.slip(dose.visit)
    build.sign_in(client, build.user(site))

    def printed(size: str) -> bytes:
        with chromium() as browser:
            page = browser.new_page()
            fed_by(client, page)
            page.goto(f"http://localhost/visits/{dose.visit_id}/slip?size={size}")
            return page.pdf(prefer_css_page_size=True)

    return printed


@pytest.mark.parametrize(("size", "width"), [("a4", 595), ("a5", 420)])
def test_one_sheet_with_a_readable_qr(paper, tmp_path, size, width):
    pdf = paper(size)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert abs(float(re.search(rb"/MediaBox\s*\[0 0 ([\d.]+)", pdf)[1]) - width) < 2
    (tmp_path / "slip.pdf").write_bytes(pdf)
    draw = [program("pdftoppm"), "-r", "150", "-png", "-singlefile", "slip.pdf", "slip"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    assert texts(Image.open(tmp_path / "slip.png")) == [f"HTTP://LOCALHOST/X/{Slip.get().code}"]
