"""A station with a session today; its head is signed in and sends files."""

import io
from types import SimpleNamespace

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Membership
from app.imports.models import Upload
from tests import build
from tests.imports.files import HEADINGS, xlsx


class Desk(SimpleNamespace):
    """site, session, head, client; see `send`."""

    def send(self, data, name="danh-sach.xlsx"):
        """Send a file on the page of the session, as a browser does; the page that answers."""
        page = self.client.open_page(f"/sessions/{self.session.id}/import")
        form = page.form("file").values
        values = {key: form[key][0] for key in ("csrf_token", "key")}
        values["file"] = (io.BytesIO(data), name)
        return self.client.send(page.url, values, content_type="multipart/form-data")

    def rows(self, group):
        """The page of the newest upload with the rows of one group (see views.GROUPS)."""
        newest = Upload.select().order_by(Upload.id.desc()).get()
        return self.client.open_page(f"/imports/{newest.id}?rows={group}")

    def send_rows(self, *rows, headings=HEADINGS):
        """Send rows below the headings."""
        return self.send(xlsx([headings, *rows]))


@pytest.fixture
def desk(app, client):
    nation, province, site = build.country()
    head = build.user(site, "site_head")
    session = build.session(site, [])
    build.sign_in(client, head)
    by = accounts.signed_in(Membership.get(Membership.user == head))
    return Desk(
        nation=nation, province=province, site=site, head=head, by=by, session=session,
        client=client, app=app,
    )  # fmt: skip


def number_of(n):
    """A CCCD of a man born in 1950; far from those of other `n`, not to look alike."""
    return f"001050{n * 71_993 % 10**6:06}"


def row(n=1, name="TRẦN VĂN BA", dob="15/07/1950", sex="Nam", number=None, phone="", note=""):
    """A row below HEADINGS; people of different `n` have different numbers."""
    number = number_of(n) if number is None else number
    return [n, name, dob, sex, "9", phone, number, note]
