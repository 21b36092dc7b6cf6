"""What files bring in beside the rows of import_rows: divisions, and the look before customers."""
