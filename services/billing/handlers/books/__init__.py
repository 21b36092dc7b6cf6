"""The books: months that are closed, what they began with, and what senders say of their days."""
