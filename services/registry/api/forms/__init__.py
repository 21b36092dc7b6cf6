"""Forms of 001 as PDF and as XLSX, and the export of customers (X-05, X-11)."""
