"""How two records of the same money are compared: key by key, either side may lack one."""

from __future__ import annotations


def pairs(ledger: str, kept: str) -> str:
    """SQL for (key, what the ledger says, what is kept) wherever the two differ.

    `ledger` and `kept` are questions for (key, said), both text, without keys at zero.
    """
    return f"""
    SELECT coalesce(ledger.key, kept.key), coalesce(ledger.said, '-'), coalesce(kept.said, '-')
    FROM ({ledger}) ledger FULL JOIN ({kept}) kept ON kept.key = ledger.key
    WHERE ledger.said IS DISTINCT FROM kept.said ORDER BY 1
    """
