"""The empty list of an organisation and the list of codes. In Vietnamese, as the headings are."""

from app.imports.kinds.headings import TEMPLATE, WISH

LIST = "Danh sách đăng ký"
# What a list for a session asks besides is nothing that the organisation knows.
WHO = (
    "stt", "name", "dob", "sex", "group", "occupation", "phone", "number", "bhyt", "province",
    "commune", "address", "nationality", "guardian_name",
)  # fmt: skip
HEADINGS = {field: TEMPLATE[field] for field in WHO} | WISH
CODES = ("Dòng", "Họ và tên", "Năm sinh", "Số điện thoại", "Mã đặt tiêm")


def choices() -> dict[int, str]:
    """Column of the list → where the choices stand (see spreadsheet.Sheet)."""
    columns = list(HEADINGS)
    half_days = '"Buổi sáng,Buổi chiều,Cả ngày"'
    return {columns.index("sex"): '"Nam,Nữ"', columns.index("half_day"): half_days}
