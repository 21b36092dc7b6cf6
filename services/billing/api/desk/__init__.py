"""What people do at the desk: issue charges, receive payments, say what pays what."""
