"""Alembic's environment: the application's own engine and metadata."""

from alembic import context
from flask import current_app


def run() -> None:
    """Run the migrations on the current application's database, one transaction for all."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
