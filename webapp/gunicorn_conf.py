"""How gunicorn serves Baton, for `baton up` and for the Procfile alike.

The names are gunicorn's own settings; run it with `gunicorn --config python:webapp.gunicorn_conf`.
"""

import os


def _address(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


wsgi_app = "webapp:create_app()"
bind = _address(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT") or "8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 8
preload_app = False  # each worker opens its own database connections
timeout = 30
graceful_timeout = 8  # `baton up` waits 10 s before it kills
accesslog = None
loglevel = "warning"
control_socket_disable = True  # it would lie in the home directory, shared by installations
