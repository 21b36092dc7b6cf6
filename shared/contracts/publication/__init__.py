"""How the contracts are made public: schemas on file, the page of events, AsyncAPI."""
