"""All tables, in an order in which they can be made; for migrations and tests."""

from peewee import Model

from app.accounts.models import Membership, SignInTry, User
from app.amendments.models import Amendment
from app.audit import AuditEntry, AuditHead
from app.certificates.models import (
    BulkPrint,
    Certificate,
    Confirmation,
    LatinName,
    SignedDay,
    Signer,
    Slip,
)
from app.closing.models import Closing
from app.corrections.models import Evidence, Ticket, TicketEvent
from app.imports.models import PastFile, PastRow, Upload, UploadRow, WishFile, WishRow
from app.lists.models import PrintedRow, PrintRun
from app.notices.models import Notice
from app.once import Submission
from app.outbox import OutboxEvent
from app.people.models import Alert, Care, Document, IdentityVersion, KeptApart, Person
from app.reactions.models import Reaction, SelfReport
from app.registrations.models import PhoneProof, Registration
from app.reports.models import DayCount, SentReport
from app.sessions.models import Appointment, Expected, SessionLot, VaccinationSession
from app.stock.models import Holding, Lot, Movement, Suspension
from app.units.models import Area, AreaSuccessor, Level, Unit
from app.vaccines.models import ReferenceVersion
from app.verification.models import LookUpCount, Tally
from app.visits.models import Dose, Visit

MODELS: list[type[Model]] = [
    AuditHead, AuditEntry, OutboxEvent, Submission,
    Area, AreaSuccessor, Level, Unit,
    User, Membership, SignInTry,
    Person, IdentityVersion, Document, Care, Alert, KeptApart,
    ReferenceVersion,
    Lot, Suspension, Holding, Movement,
    VaccinationSession, SessionLot, Expected,
    Visit, Dose, Amendment, Closing, Reaction, Slip, Upload, UploadRow,
    PastFile, PastRow, PrintRun, PrintedRow, SentReport, DayCount, LookUpCount, Tally,
    Signer, LatinName, SignedDay, Confirmation, Certificate, BulkPrint,
    Notice, Registration, PhoneProof,
    Appointment,
    Ticket, TicketEvent, Evidence, SelfReport,
    WishFile, WishRow,
]  # fmt: skip
