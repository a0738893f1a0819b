"""Baton: recurring work that requires proof and moves by itself when it is missed."""

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.clock import Clock, SharedTestClock, SystemClock
from webapp.config import Settings
from webapp.extensions import db, limiter, login, migrate
from webapp.services import record

__version__ = "0.1.0"

FIFTEEN_MEGABYTES = 15 * 1024 * 1024


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> APIFlask:
    """Wire the application; settings come from the environment unless given."""
    settings = settings or Settings.from_env()
    app = APIFlask(
        __name__,
        title="Baton",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
    )
    app.config.from_mapping(_flask_config(settings))
    _bind_extensions(app)
    with app.app_context():
        app.extensions["baton_clock"] = clock or _clock(settings)
    from webapp import views

    views.register(app)
    if settings.is_secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": FIFTEEN_MEGABYTES + 64 * 1024,
        "SESSION_COOKIE_NAME": "__Host-baton-session" if settings.is_secure else "baton-session",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
        "OPENAPI_VERSION": "3.1.0",
        "LOCAL_SPEC_JSON_INDENT": 0,
    }


def _bind_extensions(app: APIFlask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app)
    limiter.init_app(app)
    record.keep(db.session)


def _clock(settings: Settings) -> Clock:
    return SharedTestClock(db.engine) if settings.test_clock else SystemClock()
