"""The routes, one blueprint per screen family: parse, authorise, call one service, render."""

from importlib import import_module

from apiflask import APIFlask

from webapp.views import errors, headers, identity, language, openapi, policy, templating

BLUEPRINTS = (
    "front",
    "imports",
    "sandbox",
    "scan",
    "auth",
    "pwa",
    "shells",
    "language",
    "browser_words",
    "styleguide",
    "inbox",
    "week",
    "gallery",
    "held",
    "processes",
    "process_versions",
    "process_year",
    "process_wording",
    "fragility",
    "patterns",
    "record",
    "rehearsals",
    "labels",
    "people",
    "erasing",
    "keeping",
    "devices",
    "kiosks",
    "me",
    "about",
    "rescue",
    "reaching",
    "absences",
    "also",
    "comparison",
    "locations",
    "runs",
    "health",
    "api_people",
    "api_erasing",
    "api_absences",
    "api_locations",
    "api_processes",
    "api_versions",
    "api_rehearsals",
    "api_imports",
    "api_runs",
    "api_pairings",
    "api_kiosk",
    "api_kiosk_sync",
    "api_sync",
    "api_devices",
    "api_blobs",
    "api_push",
    "api_reviews",
    "api_patterns",
    "api_record",
    "api_signals",
)


def register(app: APIFlask) -> None:
    """Bind every blueprint, and what happens around each request."""
    app.before_request(identity.read_body)
    app.before_request(identity.remember_request_time)
    app.before_request(identity.refuse_cross_site)
    language.register(app)
    app.before_request(policy.enforce)
    app.after_request(headers.harden)
    errors.register(app)
    templating.register(app)
    openapi.register(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"webapp.views.{name}").blueprint)
