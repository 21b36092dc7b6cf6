-- The role and the database of one service; run it again at any time (it then renews the password).
--
--   SERVICE=billing PASSWORD=… psql -v ON_ERROR_STOP=1 -f deploy/postgres/service.sql postgresql://…
--
-- Each service owns its database and may connect to no other. `dakehu_reader` is what it turns into
-- while it reads for a caller: row-level security holds for that role, not for the owner.

\set QUIET on
\getenv service SERVICE
\getenv password PASSWORD

SELECT 'CREATE ROLE dakehu_reader NOLOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dakehu_reader') \gexec

SELECT format('CREATE ROLE %I LOGIN', :'service')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec

-- NOINHERIT: the service may become the reader, and has nothing of the reader's while it is itself.
ALTER ROLE :"service" WITH LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'password';
GRANT dakehu_reader TO :"service";

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8''', :'service', :'service')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec

REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";

-- Said outright: before PostgreSQL 16 a NOINHERIT role has no rights from owning the database.
\connect :service
ALTER SCHEMA public OWNER TO :"service";
