"""Quittance's entry point: the blueprints, registered."""

from chalicelib.entrypoints import events
from chalicelib.entrypoints.application import application
from chalicelib.entrypoints.http import operations, pages, webhooks
from chalicelib.entrypoints.portal import routes as portal

app = application("quittance")
for part in (operations, pages, webhooks, events, portal):
    app.register_blueprint(part.blueprint)
