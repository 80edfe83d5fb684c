"""The first shape of all tables. Frozen: it describes this moment and imports nothing of the
application; what changes later stands in migrations of its own."""

from peewee import (
    BigAutoField,
    BooleanField,
    Check,
    DateField,
    DateTimeField,
    DecimalField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    PostgresqlDatabase,
    SmallIntegerField,
    TextField,
)


class Frozen(Model):
    class Meta:
        legacy_table_names = False


class AuditHead(Frozen):
    chain = IntegerField(primary_key=True)
    seq = IntegerField()
    seal = TextField()


class AuditEntry(Frozen):
    id = BigAutoField()
    chain = IntegerField()
    seq = IntegerField()
    at = DateTimeField()
    user_id = IntegerField(null=True)
    action = TextField()
    noun = TextField()
    noun_id = IntegerField(null=True)
    person_id = IntegerField(index=True, null=True)
    detail = JSONField()
    seal = TextField()

    class Meta:
        indexes = ((("chain", "seq"), True), (("noun", "noun_id"), False))


class OutboxEvent(Frozen):
    id = BigAutoField()
    event = TextField()
    payload = JSONField()
    created_at = DateTimeField()
    attempts = IntegerField()
    last_error = TextField(null=True)
    done_at = DateTimeField(null=True)

    class Meta:
        table_name = "outbox"


class Submission(Frozen):
    key = TextField(primary_key=True)
    body = TextField()
    user_id = IntegerField(null=True)
    result = TextField()
    at = DateTimeField()


class Area(Frozen):
    scheme = TextField()
    code = TextField()
    name = TextField()
    level = TextField()
    parent_code = TextField(null=True)

    class Meta:
        indexes = ((("scheme", "code"), True), (("scheme", "parent_code"), False))


class AreaSuccessor(Frozen):
    old_scheme = TextField()
    old_code = TextField()
    new_scheme = TextField()
    new_code = TextField()
    is_default = BooleanField()

    class Meta:
        indexes = ((("old_scheme", "old_code", "new_scheme", "new_code"), True),)


class Level(Frozen):
    code = TextField(primary_key=True)
    name = TextField()
    name_en = TextField()
    rank = IntegerField()
    is_site = BooleanField()
    valid_to = DateField(null=True)


class Unit(Frozen):
    parent = ForeignKeyField("self", null=True)
    path = TextField(index=True)
    level = ForeignKeyField(Level, column_name="level")
    code = TextField(unique=True)
    name = TextField()
    address = TextField()
    area_scheme = TextField(null=True)
    area_code = TextField(null=True)
    valid_from = DateField()
    valid_to = DateField(null=True)
    successor = ForeignKeyField("self", null=True)


class User(Frozen):
    username = TextField(unique=True)
    name = TextField()
    folded = TextField()
    password = TextField()
    must_change = BooleanField()
    epoch = IntegerField()
    active = BooleanField()
    unit = ForeignKeyField(Unit)
    last_unit = ForeignKeyField(Unit, null=True)
    created_at = DateTimeField()
    opened_at = DateTimeField(null=True)
    last_seen_at = DateTimeField(null=True)

    class Meta:
        table_name = "account"


class Membership(Frozen):
    user = ForeignKeyField(User, on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    roles = TextField()

    class Meta:
        indexes = ((("user", "unit"), True),)


class SignInTry(Frozen):
    name_digest = TextField(primary_key=True)
    wrong = IntegerField()
    free_at = DateTimeField(index=True)


class Person(Frozen):
    name = TextField()
    folded = TextField()
    sound = TextField()
    sort_key = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    nationality = TextField()
    phone = TextField(index=True, null=True)
    ethnicity = TextField(null=True)
    occupation = TextField()
    workplace = TextField()
    priority_group = TextField(null=True)
    area_scheme = TextField(null=True)
    area_code = TextField(null=True)
    address = TextField()
    guardian_name = TextField(null=True)
    guardian_phone = TextField(null=True)
    guardian_relation = TextField(null=True)
    immunosuppressed = BooleanField()
    deceased_on = DateField(null=True)
    merged_into = ForeignKeyField("self", null=True)
    identity_state = TextField()
    identity_note = TextField()
    version = IntegerField()
    created_at = DateTimeField()

    class Meta:
        indexes = ((("dob_year", "dob_month", "dob_day"), False), (("sound", "dob_year"), False))


class IdentityVersion(Frozen):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    seq = IntegerField()
    name = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    reason = TextField()
    by = ForeignKeyField(User, null=True)
    at = DateTimeField()

    class Meta:
        indexes = ((("person", "seq"), True),)


class Document(Frozen):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    kind = TextField()
    number = TextField()
    country = TextField()
    active = BooleanField()
    added_at = DateTimeField()
    ended_at = DateTimeField(null=True)
    ended_why = TextField()


Document.add_index(
    Document.index(
        Document.kind,
        Document.country,
        Document.number,
        unique=True,
        where=Document.active,
        name="document_active",
    )
)

Document.add_index(Document.index(Document.number, name="document_number"))


class Care(Frozen):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    since = DateTimeField()

    class Meta:
        indexes = ((("person", "unit"), True),)


class Alert(Frozen):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    kind = TextField()
    product = TextField(null=True)
    text = TextField()
    serious = BooleanField()
    at = DateTimeField()
    visit_id = IntegerField(null=True)


class KeptApart(Frozen):
    low = ForeignKeyField(Person, on_delete="CASCADE")
    high = ForeignKeyField(Person, on_delete="CASCADE")
    reason = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField()

    class Meta:
        indexes = ((("low", "high"), True),)


class ReferenceVersion(Frozen):
    kind = TextField()
    code = TextField()
    effective_from = DateField()
    effective_to = DateField(null=True)
    digest = TextField()
    body = JSONField()
    loaded_at = DateTimeField()

    class Meta:
        indexes = ((("kind", "code", "effective_from", "digest"), True),)


class Lot(Frozen):
    product = TextField()
    number = TextField()
    expires_on = DateField()
    suspended_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("product", "number"), True),)


class Suspension(Frozen):
    lot = ForeignKeyField(Lot)
    unit = ForeignKeyField(Unit)
    why = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField()
    lifted_why = TextField()
    lifted_by = ForeignKeyField(User, null=True)
    lifted_at = DateTimeField(null=True)


class Holding(Frozen):
    lot = ForeignKeyField(Lot)
    unit = ForeignKeyField(Unit)
    balance = IntegerField(constraints=[Check("balance >= 0")])

    class Meta:
        indexes = ((("lot", "unit"), True),)


class Movement(Frozen):
    holding = ForeignKeyField(Holding, index=False)
    kind = TextField()
    doses = IntegerField(constraints=[Check("doses <> 0")])
    reason = TextField()
    source_id = IntegerField(null=True)
    session_id = IntegerField(null=True, index=True)
    note = TextField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("holding", "id"), False),)


Movement.add_index(
    Movement.index(
        Movement.at, where=Movement.kind.in_(["waste", "unwaste"]), name="movement_wasted"
    )
)


class VaccinationSession(Frozen):
    unit = ForeignKeyField(Unit)
    held_on = DateField(index=True)
    half_day = TextField()
    note = TextField()
    round = TextField()
    tables = IntegerField(constraints=[Check("tables between 1 and 99")])
    capacity = IntegerField(constraints=[Check("capacity > 0")])
    default_lot = ForeignKeyField(Holding, null=True)
    last_queue_no = IntegerField()
    last_listed = IntegerField()
    created_by = ForeignKeyField(User)
    created_at = DateTimeField()
    closed_at = DateTimeField(null=True)
    closed_by = ForeignKeyField(User, index=False, null=True)


VaccinationSession.add_index(
    VaccinationSession.index(
        VaccinationSession.held_on,
        VaccinationSession.unit,
        where=VaccinationSession.closed_at.is_null(),
        name="session_open",
    )
)


class SessionLot(Frozen):
    session = ForeignKeyField(VaccinationSession, on_delete="CASCADE")
    holding = ForeignKeyField(Holding)
    taken = IntegerField(constraints=[Check("taken >= 0")])
    returned = IntegerField(constraints=[Check("returned >= 0")])

    class Meta:
        indexes = ((("session", "holding"), True),)


class Expected(Frozen):
    session = ForeignKeyField(VaccinationSession, on_delete="CASCADE")
    person = ForeignKeyField(Person)
    number = IntegerField()
    source = TextField()
    note = TextField()
    added_by = ForeignKeyField(User)
    added_at = DateTimeField()

    class Meta:
        indexes = ((("session", "person"), True), (("session", "number"), True))


class Visit(Frozen):
    session = ForeignKeyField(VaccinationSession, index=False)
    unit = ForeignKeyField(Unit, index=False)
    person = ForeignKeyField(Person)
    state = TextField()
    version = IntegerField()
    queue_no = IntegerField()
    arrived_at = DateTimeField()
    arrived_by = ForeignKeyField(User, index=False)
    consent_at = DateTimeField(null=True)
    consent_by = ForeignKeyField(User, index=False, null=True)
    consent_signer = TextField()
    consent_relation = TextField()
    consent_text = IntegerField(null=True)
    screening_form = IntegerField(null=True)
    answers = JSONField(null=True)
    temperature = DecimalField(max_digits=3, decimal_places=1, null=True)
    pulse = SmallIntegerField(null=True)
    systolic = SmallIntegerField(null=True)
    diastolic = SmallIntegerField(null=True)
    respiration = SmallIntegerField(null=True)
    usual_systolic = SmallIntegerField(null=True)
    flags = TextField()
    computed = TextField(null=True)
    conclusion = TextField(null=True)
    screened_at = DateTimeField(null=True)
    screened_by = ForeignKeyField(User, index=False, null=True)
    delay_until = DateField(null=True)
    note = TextField()
    observe_until = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    ended_by = ForeignKeyField(User, index=False, null=True)

    class Meta:
        indexes = (
            (("session", "person"), True),
            (("session", "queue_no"), True),
            (("session", "state"), False),
        )


class Dose(Frozen):
    visit = ForeignKeyField(Visit, index=False, null=True)
    person = ForeignKeyField(Person)
    unit = ForeignKeyField(Unit, index=False, null=True)
    place = TextField()
    session = ForeignKeyField(VaccinationSession, null=True)
    holding = ForeignKeyField(Holding, null=True)
    product = TextField()
    lot_number = TextField()
    expires_on = DateField(null=True)
    kind = TextField()
    seq = SmallIntegerField()
    overall = SmallIntegerField()
    volume_ml = DecimalField(max_digits=4, decimal_places=2, null=True)
    body_part = TextField()
    table_no = SmallIntegerField()
    given_at = DateTimeField()
    vaccinator = ForeignKeyField(User, index=False, null=True)
    recorded_by = ForeignKeyField(User, index=False)
    recorded_at = DateTimeField()
    rules_version = IntegerField(null=True)
    warnings = JSONField()
    reason = TextField()
    confirmed_by = ForeignKeyField(User, index=False, null=True)
    source = TextField()
    evidence = TextField()
    version = IntegerField()
    voided_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("unit", "given_at"), False),)


Dose.add_index(
    Dose.index(Dose.visit, unique=True, where=Dose.voided_at.is_null(), name="dose_visit")
)


class Amendment(Frozen):
    kind = TextField()
    state = TextField()
    unit = ForeignKeyField(Unit)
    person = ForeignKeyField(Person)
    session = ForeignKeyField(VaccinationSession, index=False, null=True)
    dose = ForeignKeyField(Dose, null=True)
    version = IntegerField(null=True)
    before = JSONField()
    after = JSONField()
    cause = TextField()
    reason = TextField()
    evidence = TextField()
    asked_by = ForeignKeyField(User, index=False)
    asked_at = DateTimeField()
    decided_by = ForeignKeyField(User, index=False, null=True)
    decided_at = DateTimeField(null=True)
    answer = TextField()


Amendment.add_index(
    Amendment.index(
        Amendment.dose, unique=True, where=Amendment.decided_at.is_null(), name="amendment_dose"
    )
)
Amendment.add_index(
    Amendment.index(
        Amendment.session,
        Amendment.person,
        unique=True,
        where=Amendment.decided_at.is_null(),
        name="amendment_late",
    )
)


class Closing(Frozen):
    session = ForeignKeyField(VaccinationSession)
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()
    reopened_why = TextField()
    reopened_by = ForeignKeyField(User, index=False, null=True)
    reopened_at = DateTimeField(null=True)


Closing.add_index(
    Closing.index(
        Closing.session, unique=True, where=Closing.reopened_at.is_null(), name="closing_in_force"
    )
)


class Reaction(Frozen):
    visit = ForeignKeyField(Visit)
    dose = ForeignKeyField(Dose)
    unit = ForeignKeyField(Unit)
    signs = JSONField()
    serious = BooleanField(index=True)
    note = TextField()
    noted_at = DateTimeField()
    noted_by = ForeignKeyField(User)


class Slip(Frozen):
    visit = ForeignKeyField(Visit, unique=True)
    person = ForeignKeyField(Person)
    unit = ForeignKeyField(Unit)
    code = TextField(unique=True)
    nonce = TextField()
    issued_at = DateTimeField()
    issued_by = ForeignKeyField(User)
    prints = IntegerField()


class Upload(Frozen):
    session = ForeignKeyField(VaccinationSession, on_delete="CASCADE")
    kind = TextField()
    digest = TextField()
    state = TextField()
    columns = JSONField()
    skipped = JSONField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)


Upload.add_index(
    Upload.index(
        Upload.session,
        Upload.digest,
        unique=True,
        where=Upload.ended_at.is_null(),
        name="upload_open",
    )
)


class UploadRow(Frozen):
    upload = ForeignKeyField(Upload, on_delete="CASCADE", index=False)
    seq = IntegerField()
    sheet = TextField()
    number = IntegerField()
    state = TextField()
    cells = JSONField(null=True)
    fixes = JSONField(null=True)
    reasons = JSONField()
    alikes = JSONField()
    twin = TextField()
    why = TextField()
    person = ForeignKeyField(Person, null=True)

    class Meta:
        indexes = ((("upload", "seq"), True), (("upload", "state", "seq"), False))


class PastFile(Frozen):
    unit = ForeignKeyField(Unit)
    digest = TextField()
    state = TextField()
    columns = JSONField()
    proof = TextField()
    evidence = TextField()
    reason = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)


PastFile.add_index(
    PastFile.index(
        PastFile.unit,
        PastFile.digest,
        unique=True,
        where=PastFile.ended_at.is_null(),
        name="past_file_open",
    )
)


class PastRow(Frozen):
    file = ForeignKeyField(PastFile, on_delete="CASCADE", index=False)
    seq = IntegerField()
    sheet = TextField()
    number = IntegerField()
    state = TextField()
    cells = JSONField(null=True)
    reasons = JSONField()
    person = ForeignKeyField(Person, null=True)

    class Meta:
        indexes = ((("file", "seq"), True), (("file", "state", "seq"), False))


class PrintRun(Frozen):
    unit = ForeignKeyField(Unit)
    kind = TextField()
    session = ForeignKeyField(VaccinationSession, null=True)
    rows = IntegerField()
    blank = IntegerField()
    at = DateTimeField()
    by = ForeignKeyField(User, index=False)


class PrintedRow(Frozen):
    run = ForeignKeyField(PrintRun, on_delete="CASCADE", index=False)
    row = IntegerField()
    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)

    class Meta:
        indexes = ((("run", "row"), True),)


class SentReport(Frozen):
    unit = ForeignKeyField(Unit, index=False)
    day = DateField(index=True)
    version = IntegerField()
    figures = JSONField()
    sent_by = ForeignKeyField(User, index=False)
    sent_at = DateTimeField()

    class Meta:
        indexes = ((("unit", "day", "version"), True),)


class LookUpCount(Frozen):
    bucket = TextField(primary_key=True)
    ends_at = DateTimeField(index=True)
    tries = IntegerField()


TABLES = [
    AuditHead,
    AuditEntry,
    OutboxEvent,
    Submission,
    Area,
    AreaSuccessor,
    Level,
    Unit,
    User,
    Membership,
    SignInTry,
    Person,
    IdentityVersion,
    Document,
    Care,
    Alert,
    KeptApart,
    ReferenceVersion,
    Lot,
    Suspension,
    Holding,
    Movement,
    VaccinationSession,
    SessionLot,
    Expected,
    Visit,
    Dose,
    Amendment,
    Closing,
    Reaction,
    Slip,
    Upload,
    UploadRow,
    PastFile,
    PastRow,
    PrintRun,
    PrintedRow,
    SentReport,
    LookUpCount,
]

# Words anywhere in a name, the last digits of a number, and an order of names that does not
# depend on the language of the database.
POSTGRES_ONLY = (
    "create extension if not exists pg_trgm",
    'alter table person alter column sort_key type text collate "C"',
    "create index person_folded on person using gin (folded gin_trgm_ops)",
    "create index person_sound on person using gin (sound gin_trgm_ops)",
    "create index document_ending on document (reverse(number) text_pattern_ops)",
)


def up(migrator, db):
    """Make all tables with their indexes and checks."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    if isinstance(db, PostgresqlDatabase):
        for statement in POSTGRES_ONLY:
            db.execute_sql(statement)


def down(migrator, db):
    """Drop all tables. The extension stays: others in the database may use it."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
