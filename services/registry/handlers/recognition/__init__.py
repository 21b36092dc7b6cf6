"""Who is a key account, and of which kind; what governments are worth."""
