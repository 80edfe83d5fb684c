"""What messages say: without accents, in the letters that every telephone has, one part each."""

import unicodedata
from collections.abc import Mapping, Sequence

LONGEST = 160
# What GSM 03.38 and ASCII have in common: none of these takes two places.
LETTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 @$_!\"#%&'()*+,-./:;<=>?"
)
# The two Vietnamese letters that do not come apart into a letter and its accents.
STROKES = {0x110: "D", 0x111: "d"}
VI, EN = "vi", "en"
TO = {VI: " den {}", EN: " to {}"}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "dose_recorded": {
        VI: "So Tiem: {name} da tiem mui {n} vac xin {product} ngay {day}. "
        "Neu khong dung, nhan SAI{to}. Bi phan ung, nhan PU.",
        EN: "So Tiem: {name} received dose {n} of {product} on {day}. "
        "If wrong, text WRONG{to}. If unwell, text ILL.",
    },
    "dose_recorded_due": {
        VI: "So Tiem: {name} da tiem mui {n} vac xin {product} ngay {day}. Mui sau tu {due}. "
        "Neu khong dung, nhan SAI{to}. Bi phan ung, nhan PU.",
        EN: "So Tiem: {name} received dose {n} of {product} on {day}. Next from {due}. "
        "If wrong, text WRONG{to}. If unwell, text ILL.",
    },
    "phone_code": {
        VI: "So Tiem: {code} la ma xac thuc so dien thoai khi dang ky tiem, dung trong 15 phut. "
        "Khong dua ma nay cho ai.",
        EN: "So Tiem: {code} is the code that confirms your phone, good for 15 minutes. "
        "Give it to nobody.",
    },
    "invited": {
        VI: "So Tiem: moi tiem vac xin ({whom}) luc {hour} ngay {day} tai {site}. "
        "Mang theo giay to tuy than.",
        EN: "So Tiem: come for vaccination ({whom}) at {hour} on {day} at {site}. "
        "Bring your identity document.",
    },
    "invited_many": {
        VI: "So Tiem: moi {n} nguoi tiem vac xin ({whom}) luc {hour} ngay {day} tai {site}. "
        "Mang giay to.",
        EN: "So Tiem: {n} people are called for vaccination ({whom}) at {hour} on {day} "
        "at {site}. Bring documents.",
    },
    "invited_anew": {
        VI: "So Tiem: lich tiem ({whom}) doi sang {hour} ngay {day} tai {site}.",
        EN: "So Tiem: your appointment ({whom}) is now at {hour} on {day} at {site}.",
    },
    "invited_anew_many": {
        VI: "So Tiem: lich tiem cua {n} nguoi ({whom}) doi sang {hour} ngay {day} tai {site}.",
        EN: "So Tiem: the appointments of {n} people ({whom}) are now at {hour} on {day} "
        "at {site}.",
    },
    "invited_tomorrow": {
        VI: "So Tiem: nhac lich tiem ({whom}) luc {hour} ngay {day} tai {site}. "
        "Mang theo giay to tuy than.",
        EN: "So Tiem: reminder, vaccination ({whom}) at {hour} on {day} at {site}. "
        "Bring your identity document.",
    },
    "invited_tomorrow_many": {
        VI: "So Tiem: nhac lich tiem cua {n} nguoi ({whom}) luc {hour} ngay {day} tai "
        "{site}. Mang giay to.",
        EN: "So Tiem: reminder, vaccination of {n} people ({whom}) at {hour} on {day} at "
        "{site}. Bring documents.",
    },
    "uninvited": {
        VI: "So Tiem: lich tiem ({whom}) luc {hour} ngay {day} tai {site} da huy. "
        "Diem tiem se hen lai.",
        EN: "So Tiem: the appointment ({whom}) at {hour} on {day} at {site} is cancelled. "
        "The site will call you again.",
    },
    "withdrawn": {
        VI: "So Tiem: lich tiem ({whom}) luc {hour} ngay {day} tai {site} da huy theo yeu cau.",
        EN: "So Tiem: the appointment ({whom}) at {hour} on {day} at {site} is cancelled, "
        "as you asked.",
    },
    "called_off": {
        VI: "So Tiem: buoi tiem ngay {day} tai {site} da huy ({whom}). Diem tiem se hen lai.",
        EN: "So Tiem: the vaccination session on {day} at {site} is cancelled ({whom}). "
        "The site will call you again.",
    },
    "called_off_many": {
        VI: "So Tiem: buoi tiem ngay {day} tai {site} da huy ({n} nguoi, {whom}). "
        "Diem tiem se hen lai.",
        EN: "So Tiem: the session on {day} at {site} is cancelled ({n} people, {whom}). "
        "The site will call again.",
    },
    "was_absent": {
        VI: "So Tiem: vang mat buoi tiem ({whom}) ngay {day} tai {site}. Diem tiem se hen lai.",
        EN: "So Tiem: you did not come ({whom}) on {day} to {site}. The site will call you again.",
    },
    "sms_doses": {
        VI: "So Tiem: da tiem {n} mui, mui gan nhat ngay {day}, vac xin {product}.",
        EN: "So Tiem: {n} doses, the last on {day}, vaccine {product}.",
    },
    "sms_no_dose": {
        VI: "So Tiem: chua co mui tiem nao.",
        EN: "So Tiem: no dose is recorded.",
    },
    "sms_nothing": {
        VI: "So Tiem: khong tim thay. Xem lai tren giay xac nhan va soan: "
        "TC <so giay to hoac ma giay> <nam sinh> <PIN>",
        EN: "So Tiem: nothing found. See your slip and write: "
        "CHECK <document number or slip code> <year of birth> <PIN>",
    },
    "sms_wait": {
        VI: "So Tiem: da thu qua nhieu lan. Thu lai sau {minutes} phut.",
        EN: "So Tiem: too many tries. Try again in {minutes} minutes.",
    },
    "sms_wrong": {
        VI: "So Tiem: da nhan phan anh {code}. Tra loi cham nhat ngay {day}. "
        "Xem: {site}/phan-anh/theo-doi",
        EN: "So Tiem: we noted your report {code}. Answer by {day}. See {site}/phan-anh/theo-doi",
    },
    "sms_which": {
        VI: "So Tiem: so nay nhan tin cua nhieu nguoi. Ai bi ghi sai? Nhan SAI va so: {choices}",
        EN: "So Tiem: this telephone belongs to several people. Text WRONG and a number: {choices}",
    },
    "sms_which_ill": {
        VI: "So Tiem: so nay nhan tin cua nhieu nguoi. Ai bi? Nhan PU, so va dau hieu: {choices}",
        EN: "So Tiem: this telephone belongs to several people. Text ILL, a number and what you "
        "feel: {choices}",
    },
    "sms_ill": {
        VI: "So Tiem: da bao diem tiem. Nghi ngoi, uong du nuoc, theo doi 28 ngay. "
        "Kho tho, ngat, co giat: GOI 115 NGAY.",
        EN: "So Tiem: your site has been told. Rest, drink, watch for 28 days. "
        "Breathing trouble, fainting, fits: CALL 115 NOW.",
    },
    "sms_ill_serious": {
        VI: "So Tiem: GOI 115 NGAY, hoac den benh vien gan nhat. Da bao diem tiem.",
        EN: "So Tiem: CALL 115 NOW, or go to the nearest hospital. Your site has been told.",
    },
    "sms_ill_how": {
        VI: "So Tiem: soan PU va dau hieu, vi du: PU sot, dau dau. "
        "Kho tho, ngat, co giat: GOI 115 NGAY.",
        EN: "So Tiem: write ILL and what you feel, as: ILL fever, headache. "
        "Breathing trouble, fainting, fits: CALL 115 NOW.",
    },
    "sms_ill_nobody": {
        VI: "So Tiem: khong thay mui tiem trong 28 ngay qua cua so nay; hay den co so y te. "
        "Kho tho, ngat, co giat: GOI 115 NGAY.",
        EN: "So Tiem: no dose of the last 28 days for this telephone; please see a doctor. "
        "Breathing trouble, fainting, fits: CALL 115 NOW.",
    },
    "sms_no_ticket": {
        VI: "So Tiem: xin mang giay xac nhan den diem tiem gan nhat de sua. "
        "Xem lai mui tiem: {site}/tra-cuu",
        EN: "So Tiem: please take your slip to the nearest site to have it corrected. "
        "See your doses: {site}/tra-cuu",
    },
    "sms_wish_waits": {
        VI: "So Tiem: dang ky (ma ...{code}) da nhan, dang cho lich tiem.",
        EN: "So Tiem: your registration (code ...{code}) waits for an appointment.",
    },
    "sms_wish_called": {
        VI: "So Tiem: lich tiem (ma ...{code}) luc {hour} ngay {day} tai {place}. "
        "Khong den duoc: soan HUY <ma> <nam sinh>",
        EN: "So Tiem: your appointment (code ...{code}) is at {hour} on {day} at {place}. "
        "Cannot come? CANCEL <code> <year of birth>",
    },
    "sms_wish_left": {
        VI: "So Tiem: da bo lich tiem (ma ...{code}). Dang ky van cho, diem tiem se hen lai.",
        EN: "So Tiem: your appointment (code ...{code}) is given up. "
        "The registration waits, the site will call you again.",
    },
    "sms_wish_see": {
        VI: "So Tiem: xem dang ky (ma ...{code}) tai {site}/ket-qua-dang-ky",
        EN: "So Tiem: see your registration (code ...{code}) at {site}/ket-qua-dang-ky",
    },
    "sms_help": {
        VI: "So Tiem: soan TC <so giay to hoac ma giay> <nam sinh> <PIN> de xem mui tiem, "
        "hoac vao {site}/tra-cuu",
        EN: "So Tiem: write CHECK <document number or slip code> <year of birth> <PIN>, "
        "or see {site}/tra-cuu",
    },
}


def language(nationality: str) -> str:
    """The language to write in to somebody of this nationality."""
    return VI if nationality == "VN" else EN


def coded(codes: Sequence[str], lang: str) -> str:
    """The last digits of the codes of wishes, as messages show them."""
    noun = "ma" if lang == VI else "codes" if len(codes) > 1 else "code"
    return f"{noun} ...{' '.join(code[-4:] for code in codes)}"


def plain(text: str) -> str:
    """The text without accents and without letters that a message cannot carry."""
    bare = unicodedata.normalize("NFD", text.translate(STROKES))
    return "".join(letter for letter in bare if letter in LETTERS)


def text(kind: str, lang: str, values: Mapping[str, str], number: str = "") -> str:
    """The message of a kind with its values; long names are cut so that it stays one part.
    number: the one to text, where it is known; it is never cut."""
    template = TEXTS[kind][lang].replace("{to}", TO[lang].format(number) if number else "")
    cut = {key: plain(value) for key, value in values.items()}
    while (over := len(template.format(**cut)) - LONGEST) > 0:
        longest = max(cut, key=lambda key: len(cut[key]))
        cut[longest] = cut[longest][: max(len(cut[longest]) - over, 1)].rstrip()
    return template.format(**cut)


def mobile(phone: str | None) -> bool:
    """Whether a normal number takes messages: not a landline."""
    return bool(phone) and not str(phone).startswith("02")
