"""Lists in spreadsheets: upload, check, commit."""
