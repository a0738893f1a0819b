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
    "record",
