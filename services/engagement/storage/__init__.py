"""How it is kept: tables, one module per aggregate, reports that bypass the domain."""
