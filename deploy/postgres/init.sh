# The image of PostgreSQL runs this once, when it has made an empty cluster.
for service in registry tiering engagement billing; do
  variable=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD
  password=$(printenv "$variable")
  SERVICE=$service PASSWORD=${password:?$variable is not set} \
    psql -X -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -f /dakehu/service.sql
done
