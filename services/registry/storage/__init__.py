"""How registry keeps what is true."""
