"""The archive of a customer, its readers and loans."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0007"
down_revision = "registry_0006"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = (
    *("archive_custodians", "archive_versions", "archive_erasures", "archive_confirmations"),
    *("archive_overdue_notices", "archive_request_steps", "archive_asset_steps"),
    *("archive_loan_steps", "archive_audit", "archive_audit_chain"),
)
_NEVER_DELETED = (
    *("archives", "archive_secrets", "archive_requests", "archive_assets", "archive_loans"),
    "archive_audit_seals",
)
_BASE = (
    *("archives", "archive_custodians", "archive_versions", "archive_erasures"),
    *("archive_confirmations", "archive_overdue_notices", "archive_requests"),
    *("archive_request_steps", "archive_assets", "archive_asset_steps", "archive_loans"),
    *("archive_loan_steps", "archive_audit"),
)
_CHAIN = ("archive_audit_waiting", "archive_audit_chain", "archive_audit_seals")


def upgrade() -> None:
    _create_files()
    _create_permissions()
    _create_custody()
    _create_audit()
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _NEVER_DELETED:
        op.execute(
            f"CREATE TRIGGER never_deleted BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    _keep_secrets()
    for table in _BASE:
        protect(op, table, aspect="base")
    protect(op, "archive_secrets", aspect="archive")
    op.execute(f"REVOKE SELECT ON {', '.join(_CHAIN)} FROM dakehu_reader")


def downgrade() -> None:
    for table in (
        *("archive_audit_seals", "archive_audit_chain", "archive_audit_waiting", "archive_audit"),
        *("archive_loan_steps", "archive_loans", "archive_asset_steps", "archive_assets"),
        *("archive_request_steps", "archive_requests", "archive_overdue_notices"),
        *("archive_confirmations", "archive_erasures", "archive_secrets", "archive_versions"),
        *("archive_custodians", "archives"),
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION sealed_values_are_kept()")


def _keep_secrets() -> None:
    """A sealed value is resealed or erased; it never changes its place, and erased stays erased."""
    op.execute("""
        CREATE FUNCTION sealed_values_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.secret_id <> OLD.secret_id OR NEW.customer_key <> OLD.customer_key
                OR NOT NEW.erased @> OLD.erased
            THEN
                RAISE EXCEPTION 'a sealed value keeps its place, and erased stays erased';
            END IF;
            RETURN NEW;
        END $$""")
    op.execute(
        "CREATE TRIGGER sealed_values_are_kept BEFORE UPDATE ON archive_secrets"
        " FOR EACH ROW EXECUTE FUNCTION sealed_values_are_kept()"
    )


def _create_files() -> None:
    op.execute("""
        CREATE TABLE archives (
            customer_key uuid PRIMARY KEY, opened_on date NOT NULL, updated_on date,
            custodian text, version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX archives_custodian ON archives (custodian)")
    op.execute("CREATE INDEX archives_updated_on ON archives (updated_on)")
    op.execute("""
        CREATE TABLE archive_custodians (
            customer_key uuid NOT NULL, version integer NOT NULL, custodian text NOT NULL,
            "on" date NOT NULL, reason text NOT NULL, appointed_by text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE archive_versions (
            customer_key uuid NOT NULL, section text NOT NULL, item text NOT NULL,
            version integer NOT NULL, "on" date NOT NULL, content jsonb NOT NULL,
            secret_id uuid NOT NULL, author text NOT NULL, reason text NOT NULL,
            required integer NOT NULL, missing text[] NOT NULL, policy_version integer,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, section, item, version)
        )""")
    op.execute(
        'CREATE INDEX archive_versions_section ON archive_versions (customer_key, section, "on")'
    )
    op.execute("""
        CREATE TABLE archive_secrets (
            secret_id uuid PRIMARY KEY, customer_key uuid NOT NULL, sealed bytea NOT NULL,
            sealed_with text NOT NULL, erased text[] NOT NULL
        )""")
    op.execute("CREATE INDEX archive_secrets_customer_key ON archive_secrets (customer_key)")
    op.execute("CREATE INDEX archive_secrets_sealed_with ON archive_secrets (sealed_with)")
    op.execute("""
        CREATE TABLE archive_erasures (
            erasure_id uuid PRIMARY KEY, customer_key uuid NOT NULL, section text NOT NULL,
            item text NOT NULL, erased jsonb NOT NULL, legal_basis text NOT NULL,
            document_reference text NOT NULL, "on" date NOT NULL, erased_by text NOT NULL,
            policy_version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX archive_erasures_customer_key ON archive_erasures (customer_key)")
    op.execute("""
        CREATE TABLE archive_confirmations (
            confirmation_id uuid PRIMARY KEY, customer_key uuid NOT NULL, section text NOT NULL,
            version integer NOT NULL, "on" date NOT NULL, confirmed_by text NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX archive_confirmations_customer_key"
        " ON archive_confirmations (customer_key, section)"
    )
    op.execute("""
        CREATE TABLE archive_overdue_notices (
            customer_key uuid NOT NULL, counted_from_on date NOT NULL, version integer NOT NULL,
            months integer NOT NULL, due_on date NOT NULL, noticed_on date NOT NULL,
            updated_on date, custodian text, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, counted_from_on)
        )""")


def _create_permissions() -> None:
    op.execute("""
        CREATE TABLE archive_requests (
            request_id uuid PRIMARY KEY, customer_key uuid NOT NULL, sections text[] NOT NULL,
            purpose text NOT NULL, requested_by text NOT NULL, requested_unit text NOT NULL,
            requested_on date NOT NULL, until_on date NOT NULL, state text NOT NULL,
            decided_by text, decided_on date, policy_version integer NOT NULL,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX archive_requests_customer_key"
        " ON archive_requests (customer_key, requested_by)"
    )
    op.execute("""
        CREATE TABLE archive_request_steps (
            request_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            state text NOT NULL, "on" date NOT NULL, by text NOT NULL, reason text,
            policy_version integer NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (request_id, version)
        )""")


def _create_custody() -> None:
    op.execute("""
        CREATE TABLE archive_assets (
            asset_id uuid PRIMARY KEY, customer_key uuid NOT NULL, kind text NOT NULL,
            label text NOT NULL, keeper text NOT NULL, state text NOT NULL,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX archive_assets_customer_key ON archive_assets (customer_key)")
    op.execute("CREATE INDEX archive_assets_keeper ON archive_assets (keeper)")
    op.execute("""
        CREATE TABLE archive_asset_steps (
            asset_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            keeper text NOT NULL, state text NOT NULL, "on" date NOT NULL, by text NOT NULL,
            reason text, recorded_at timestamptz NOT NULL, PRIMARY KEY (asset_id, version)
        )""")
    op.execute("""
        CREATE TABLE archive_loans (
            loan_id uuid PRIMARY KEY, asset_id uuid NOT NULL, customer_key uuid NOT NULL,
            borrower text NOT NULL, purpose text NOT NULL, requested_on date NOT NULL,
            due_on date NOT NULL, state text NOT NULL, version integer NOT NULL,
            policy_version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX archive_loans_borrower ON archive_loans (borrower)")
    op.execute("CREATE INDEX archive_loans_customer_key ON archive_loans (customer_key)")
    op.execute(
        "CREATE UNIQUE INDEX archive_loans_one_at_a_time"
        " ON archive_loans (asset_id) WHERE state = 'lent'"
    )
    op.execute("""
        CREATE TABLE archive_loan_steps (
            loan_id uuid NOT NULL, step text NOT NULL, version integer NOT NULL,
            customer_key uuid NOT NULL,
            "on" date NOT NULL, by text, note text, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (loan_id, step)
        )""")


def _create_audit() -> None:
    op.execute("""
        CREATE TABLE archive_audit (
            entry_id uuid PRIMARY KEY, recorded_at timestamptz NOT NULL, action text NOT NULL,
            staff_code text NOT NULL, unit text, acted_by text, customer_key uuid, section text,
            item text, part_version integer, purpose text, permission text, details jsonb NOT NULL
        )""")
    op.execute("CREATE INDEX archive_audit_customer_key ON archive_audit (customer_key, entry_id)")
    op.execute("CREATE INDEX archive_audit_staff_code ON archive_audit (staff_code, entry_id)")
    op.execute("""
        CREATE TABLE archive_audit_waiting (
            entry_id uuid PRIMARY KEY, mark bytea NOT NULL
        )""")
    op.execute("""
        CREATE TABLE archive_audit_chain (
            position bigint PRIMARY KEY, entry_id uuid NOT NULL UNIQUE,
            chained_at timestamptz NOT NULL, previous_hash text NOT NULL, hash text NOT NULL
        )""")
    op.execute("""
        CREATE TABLE archive_audit_seals (
            position bigint PRIMARY KEY, hash text NOT NULL, sealed_at timestamptz NOT NULL,
            mark bytea NOT NULL, sealed_with text NOT NULL
        )""")
