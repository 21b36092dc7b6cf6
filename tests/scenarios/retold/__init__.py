"""Stories whose facts may come in any order, often, and in any batches; one module a service."""
