#!/usr/bin/env bash
# What docs/walkthrough.md shows, in one go, against a suite that runs (make run).
set -euo pipefail

REGISTRY=${REGISTRY:-http://127.0.0.1:8101} VAR=${VAR:-var} PYTHON=${PYTHON:-.venv/bin/python}
as() {
  person=$1; shift
  curl --silent --show-error --fail-with-body -H "Authorization: Bearer $(cat "$VAR/tokens/$person")" \
    -H "Content-Type: application/json" -H "Idempotency-Key: $(date +%s)-$RANDOM-$RANDOM" "$@"
}
field() {
  "$PYTHON" -c 'import functools, json, sys
print(functools.reduce(lambda v, k: v[int(k) if isinstance(v, list) else k], sys.argv[1].split("."), json.load(sys.stdin)))' "$1"
}
NUMBER=$(date +%s)

DECLARED=$(as T001 "$REGISTRY/v1/declarations" -d @- <<EOF
{"customer": {"name": "广州南方机械有限公司$NUMBER", "division_code": "440106", "industry": "机械制造"}}
EOF
)
DECLARATION=$(echo "$DECLARED" | field declaration_id)
CUSTOMER=$(echo "$DECLARED" | field customer_key)
echo "$DECLARED" | field chain.0.hash

VERSION=$(as G003 "$REGISTRY/v1/declarations/$DECLARATION/propose" -H 'If-Match: "1"' \
  -d '{"development_unit": "GZ-TH", "reason": "天河区上报，由天河区开发"}' | field version)
as G001 "$REGISTRY/v1/declarations/$DECLARATION/approve" -H "If-Match: \"$VERSION\"" -d '{}' | field state

VERSION=$(as P001 "$REGISTRY/v1/customers/$CUSTOMER" | field version)
ID=$(as P001 "$REGISTRY/v1/customers/$CUSTOMER/register" -H "If-Match: \"$VERSION\"" -d '{}' | field customer_id)
as G004 "$REGISTRY/v1/customers/parse-id?customer_id=$ID" | field division.name

B=W$NUMBER
as P001 "$REGISTRY/v1/staff" \
  -d "{\"staff_code\": \"$B\", \"name\": \"何芸\", \"unit\": \"GZ\", \"roles\": [\"account_manager\"]}" | field state
as G001 "$REGISTRY/v1/customers/$CUSTOMER/managers/assign" -H 'If-Match: "0"' \
  -d "{\"a_staff_code\": \"G004\", \"b_staff_code\": \"$B\"}" | field lead_staff_code

as G004 "$REGISTRY/v1/contracts" \
  -d "{\"customer_key\": \"$CUSTOMER\", \"signed_at_unit\": \"GZ-TH\", \"business_lines\": [\"函件\"]}" | field contract_id
as G004 "$REGISTRY/v1/customers/$CUSTOMER/managers" | field lead_staff_code

as G004 "$REGISTRY/v1/contracts" \
  -d "{\"customer_key\": \"$CUSTOMER\", \"signed_at_unit\": \"GZ-TH\", \"business_at_units\": [\"SZ-NS\"]}" | field contract_id
DISPUTE=$(as P002 "$REGISTRY/v1/disputes?customer_key=$CUSTOMER" | field items.0.dispute_id)
VERSION=$(as S001 "$REGISTRY/v1/disputes/$DISPUTE/evidence" \
  -d '{"statement": "业务均在南山区办理"}' | field version)
as P002 "$REGISTRY/v1/disputes/$DISPUTE/evidence" | field items.0.kind

as P002 "$REGISTRY/v1/disputes/$DISPUTE/rule" -H "If-Match: \"$VERSION\"" -d @- <<EOF | field ruling.ruled_by
{"owner_unit": "GZ-TH", "effective_on": "$(date +%F)", "reason": "签约在天河，业务在南山",
 "base": [{"unit": "GZ-TH", "share": "0.7"}, {"unit": "SZ-NS", "share": "0.3"}]}
EOF
as G001 "$REGISTRY/v1/customers/$CUSTOMER/split" | field versions.2.base.1.share

as P001 "$REGISTRY/v1/staff/$B/leave" -d '{}' | field state
HANDOVER=$(as G001 "$REGISTRY/v1/handovers?staff_code=$B" | field items.0.handover_id)
VERSION=$(as G001 "$REGISTRY/v1/handovers/$HANDOVER" | field version)
as G001 "$REGISTRY/v1/handovers/$HANDOVER/successors" -H "If-Match: \"$VERSION\"" \
  -d "{\"successors\": [{\"customer_key\": \"$CUSTOMER\", \"successor\": \"G005\"}]}" | field state
as G005 "$REGISTRY/v1/handovers/$HANDOVER/notifications" \
  -d "{\"customer_key\": \"$CUSTOMER\", \"words\": \"已电话告知\"}" | field state
as G009 "$REGISTRY/v1/handovers/$HANDOVER/documents" -d '{"words": "资料齐全，已归档"}' | field state
as G001 "$REGISTRY/v1/customers/$CUSTOMER/managers" | field b_staff_code

for try in $(seq 60); do
  STATE=$(as G001 "$REGISTRY/v1/handovers/$HANDOVER" | field state)
  [ "$STATE" = completed ] && break
  sleep 0.5
done
echo "$STATE"

as G001 "$REGISTRY/v1/forms/declarations/$DECLARATION?format=pdf" --output "$VAR/declaration.pdf"
as G001 "$REGISTRY/v1/forms/classification?format=xlsx" --output "$VAR/classification.xlsx"
ls "$VAR/declaration.pdf" "$VAR/classification.xlsx"

set -a; . "$VAR/environment"; set +a
"$PYTHON" -m services.registry verify declarations --noted "$VAR/chain-ends.txt"

tamper() {
  "$PYTHON" - "$DECLARATION" "$1" "$2" <<'EOF'
import os, sys
import psycopg
declaration, was, is_to_be = sys.argv[1:]
with psycopg.connect(os.environ["REGISTRY_DATABASE_URL"]) as database:
    database.execute("ALTER TABLE declaration_chain DISABLE TRIGGER USER")
    database.execute(
        "UPDATE declaration_chain SET payload = replace(payload, %s, %s) WHERE declaration_id = %s",
        (was, is_to_be, declaration),
    )
    database.execute("ALTER TABLE declaration_chain ENABLE TRIGGER USER")
EOF
}
tamper 440106 440305
"$PYTHON" -m services.registry verify declarations --noted "$VAR/chain-ends.txt" || echo "tampering found"
tamper 440305 440106
"$PYTHON" -m services.registry verify declarations --noted "$VAR/chain-ends.txt"
