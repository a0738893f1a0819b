"""The web application, wired."""

from pathlib import Path

from apiflask import APIFlask
from flask import Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import safe_join

from webapp.clock import Clock, SharedTestClock, SystemClock
from webapp.config import Settings
from webapp.extensions import compress, db, limiter, login, migrate
from webapp.joined import served
from webapp.lean import answer
from webapp.services import record
from webapp.services.sign_in import ABSOLUTE_LIMIT

FIFTEEN_MEGABYTES = 15 * 1024 * 1024


class Application(APIFlask):
    """Flask, but that scripts and styles leave it as `webapp.joined` makes them."""

    def send_static_file(self, filename: str) -> Response:
        """Serve a file of `static`; scripts lean and joined, unless Flask is in debug mode."""
        static = Path(str(self.static_folder))
        path = safe_join(str(static), filename)
        if path and not self.debug:
            name = Path(path).relative_to(static).as_posix()
            text = served(static, name)
            if text is not None:
                return answer(text, Path(name).suffix)
        return super().send_static_file(filename)


def wired(settings: Settings, clock: Clock | None) -> APIFlask:
    """Wire the application; without a clock it takes the one that the settings ask for."""
    app = Application(
        "webapp",
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
        "PERMANENT_SESSION_LIFETIME": ABSOLUTE_LIMIT,
        # An answer on its way beside another would put back what the other has just changed.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
        "OPENAPI_VERSION": "3.1.0",
        "LOCAL_SPEC_JSON_INDENT": 0,
        # No zstd and no brotli: each reply would be another one to keep apart, for a few bytes.
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_STREAMS": False,
    }


def _bind_extensions(app: APIFlask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
    record.keep(db.session)


def _clock(settings: Settings) -> Clock:
    return SharedTestClock(db.engine) if settings.test_clock else SystemClock()
