"""create_app() puts the service together; nobody imports this module but wsgi.py and tests."""

from datetime import timedelta

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, config, db, i18n, log, ops, web
from app.accounts import actions as accounts
from app.accounts.views import pages as accounts_pages
from app.amendments.views import pages as amendments_pages
from app.certificates import signing
from app.certificates.views import pages as certificates_pages
from app.closing.views import pages as closing_pages
from app.corrections.views import pages as corrections_pages
from app.imports.views import pages as imports_pages
from app.lists.views import pages as lists_pages
from app.notices.views import pages as notices_pages
from app.people.views import pages as people_pages
from app.portal.views import pages as portal_pages
from app.reactions.views import pages as reactions_pages
from app.registrations.views import pages as registrations_pages
from app.reports.views import audit_pages
from app.reports.views import pages as reports_pages
from app.sessions.views import pages as sessions_pages
from app.stock.views import pages as stock_pages
from app.units.views import pages as units_pages
from app.vaccines.views import pages as vaccines_pages
from app.verification.views import pages as verification_pages
from app.visits.views import pages as visits_pages


def create_app(settings: config.Config | None = None) -> Flask:
    """The WSGI application. Raises ConfigError when a setting cannot be used."""
    settings = settings or config.load()
    app = Flask("app", root_path=str(web.STATIC.parent), static_folder=None)
    app.extensions["config"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="s",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=accounts.WORKING_DAY_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=10 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1000,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    log.init_app(app)
    db.open_database(settings.database_url, settings.connections)
    db.init_app(app)
    signing.init_app(app)
    _sign_in(app)
    i18n.init_app(app)
    web.init_app(app)
    for blueprint in (
        units_pages, accounts_pages, people_pages, vaccines_pages, stock_pages,
        sessions_pages, visits_pages, amendments_pages, closing_pages, reactions_pages,
        imports_pages, certificates_pages, verification_pages,
        registrations_pages, corrections_pages, notices_pages, lists_pages, reports_pages,
        audit_pages, portal_pages,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    ops.init_app(app)
    cli.init_app(app)
    web.check_declared(app)
    return app


def _sign_in(app: Flask) -> None:
    # Without the context processor: a page that says that the database is away asks it nothing.
    manager = LoginManager(app, add_context_processor=False)
    # The long browser fingerprint would cost 130 bytes in each request on a weak link.
    manager.session_protection = None
    manager.user_loader(accounts.load)
