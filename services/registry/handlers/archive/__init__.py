"""What happens to archives: written, read under permission, confirmed, erased, lent."""
