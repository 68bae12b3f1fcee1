"""Alembic's entry: runs the revisions on the connection that the app gives."""

from alembic import context

from components.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
