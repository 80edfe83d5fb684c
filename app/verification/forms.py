"""What is asked of somebody who checks a certificate."""

from flask_wtf.file import FileField
from wtforms import TextAreaField

from app.fields import PublicForm
from app.i18n import N_
from app.words import Refused


class CheckForm(PublicForm):
    """A code as text, or in a picture."""

    text = TextAreaField(N_("Mã chứng nhận (HC1:…) hoặc mã giấy xác nhận"))
    picture = FileField(N_("Hoặc ảnh mã QR"))

    @property
    def pasted(self) -> str:
        """The text, if there is more than space in it. Nothing is taken off: see readings."""
        return self.text.data if (self.text.data or "").strip() else ""

    def photographed(self) -> bytes:
        """What the picture file holds; Raises Refused when there is none."""
        if not self.picture.data or not self.picture.data.filename:
            raise Refused(("text", "check_nothing"))
        with self.picture.data.stream as stream:
            data: bytes = stream.read()
        return data
