"""Products, schedule rules, screening forms, consent, priority groups: versioned reference data."""
