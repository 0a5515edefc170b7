"""Tables as files: CSV of any kind read record by record, and written so that a spreadsheet runs none of it."""
